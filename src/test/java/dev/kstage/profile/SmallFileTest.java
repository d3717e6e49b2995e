package dev.kstage.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmallFileTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(4);

    @TempDir
    Path directory;

    private static String rejection(Path file, LinkOption... options) {
        return assertTimeoutPreemptively(AT_ONCE, () -> {
            try {
                return "it was read: " + SmallFile.read(file, options).text();
            } catch (RejectedFile e) {
                return e.getReason();
            }
        });
    }

    @Test
    void is_what_the_file_held_and_whose_it_was() throws IOException {
        Path file = Files.writeString(directory.resolve("a"), "é");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));

        SmallFile read = SmallFile.read(file);

        assertThat(read.text()).isEqualTo("é");
        assertThat(read.sha256()).isEqualTo("4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c");
        assertThat(read.status().isOwn()).isTrue();
        assertThat(read.status().permissions()).isEqualTo(0664);
        assertThat(read.status()).isEqualTo(FileStatus.of(file));
    }

    @Test
    void is_of_a_megabyte_at_most() throws IOException {
        Path file = Files.write(directory.resolve("a"), new byte[SmallFile.MOST]);

        assertThat(SmallFile.read(file).content()).hasSize(SmallFile.MOST);
        Files.write(file, new byte[SmallFile.MOST + 1]);
        assertThat(rejection(file)).isEqualTo("it is larger than 1 MB");
    }

    @Test
    void does_not_read_a_file_of_terabytes() throws IOException {
        Path file = directory.resolve("a");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(1L << 40);
        }

        assertThat(rejection(file)).isEqualTo("it is larger than 1 MB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/zero", "/dev/null", "/dev/tty", "/dev/random"})
    void is_no_device(String device) {
        assumeThat(Path.of(device)).exists();

        assertThat(rejection(Path.of(device))).isEqualTo("it is a named pipe, a socket or a device");
    }

    @Test
    void is_no_pipe_and_does_not_wait_for_what_is_written_there() throws Exception {
        assertThat(rejection(Pipe.at(directory.resolve("pipe")))).isEqualTo("it is a named pipe, a socket or a device");
    }

    /** A pipe can be put in the place of a file after the look at it, and a network can be gone. */
    @Test
    @Timeout(30)
    void does_not_wait_for_ever_for_what_hangs() throws Exception {
        Path pipe = Pipe.at(directory.resolve("pipe"));

        assertThatThrownBy(() -> SmallFile.within(Duration.ofMillis(300), pipe, () -> Files.readAllBytes(pipe)))
                .isInstanceOfSatisfying(RejectedFile.class, rejected -> assertThat(rejected.getReason())
                        .isEqualTo("it could not be read within 300 ms"));
    }

    @Test
    void is_no_directory() {
        assertThat(rejection(directory)).isEqualTo("it is a directory");
    }

    @Test
    void may_be_behind_a_link_unless_links_are_not_followed() throws IOException {
        Path file = Files.writeString(directory.resolve("a"), "x");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);

        assertThat(SmallFile.read(link).text()).isEqualTo("x");
        assertThat(rejection(link, LinkOption.NOFOLLOW_LINKS)).isEqualTo("it is a symbolic link");
    }

    @Test
    void reports_a_name_that_no_file_can_have() {
        assertThatThrownBy(() -> SmallFile.read("a\0b"))
                .isInstanceOf(RejectedFile.class)
                .hasMessageContaining("this system does not allow that file name");
    }

    /** What is told of a file is told of the one that was read, however often another one is put in its place. */
    @Test
    void has_the_rights_of_what_it_read() throws Exception {
        assumeThat(Path.of("/proc/self/fdinfo")).exists();
        Path file = directory.resolve("a");
        replace(file, "private", "rw-------");
        AtomicBoolean isOver = new AtomicBoolean();
        Thread other = new Thread(() -> {
            while (!isOver.get()) {
                replace(file, "shared", "rw-rw-rw-");
                replace(file, "private", "rw-------");
            }
        });
        other.start();
        try {
            for (int i = 0; i < 2_000; i++) {
                SmallFile read = SmallFile.read(file);
                assertThat(read.status().permissions()).isEqualTo(read.text().equals("private") ? 0600 : 0666);
            }
        } finally {
            isOver.set(true);
            other.join();
        }
    }

    private void replace(Path file, String content, String permissions) {
        try {
            Path next = Files.writeString(directory.resolve(content), content);
            Files.setPosixFilePermissions(next, PosixFilePermissions.fromString(permissions));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
