package dev.kstage.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.profile.Pipe;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTargetTest {
    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration LATE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private void writes(Path file) {
        OutputOptions.requireWritable(file);
        OutputOptions.writeFile(file, "new\n");
    }

    @Test
    void replaces_a_file() throws IOException {
        Path file = Files.writeString(directory.resolve("report.json"), "something longer\n");

        writes(file);

        assertThat(file).hasContent("new\n");
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all).containsExactly(file);
        }
    }

    @Test
    void does_not_follow_a_link() throws IOException {
        Path victim = Files.writeString(directory.resolve("victim"), "precious\n");
        Path file = Files.createSymbolicLink(directory.resolve("report.json"), victim);

        writes(file);

        assertThat(victim).hasContent("precious\n");
        assertThat(file).isRegularFile().hasContent("new\n");
        assertThat(Files.isSymbolicLink(file)).isFalse();
    }

    @Test
    void does_not_follow_a_link_to_what_is_not_there() throws IOException {
        Path file = Files.createSymbolicLink(directory.resolve("report.json"), directory.resolve("planted"));

        writes(file);

        assertThat(directory.resolve("planted")).doesNotExist();
        assertThat(file).hasContent("new\n");
    }

    @Test
    void does_not_write_into_a_file_that_has_another_name_too() throws IOException {
        Path victim = Files.writeString(directory.resolve("victim"), "precious\n");
        Path file = Files.createLink(directory.resolve("report.json"), victim);

        writes(file);

        assertThat(victim).hasContent("precious\n");
        assertThat(file).hasContent("new\n");
    }

    @Test
    void writes_into_a_pipe() throws Exception {
        Path pipe = Pipe.at(directory.resolve("pipe"));
        CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> {
            try {
                return Files.readString(pipe);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });

        writes(pipe);

        assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo("new\n");
    }

    @Test
    @Timeout(30)
    void does_not_wait_for_ever_for_a_reader_of_a_pipe() throws Exception {
        Path pipe = Pipe.at(directory.resolve("pipe"));

        assertThatThrownBy(() -> ReportTarget.writeStream(pipe, new byte[1], SOON, LATE))
                .isInstanceOfSatisfying(FileSystemException.class, fault -> assertThat(fault.getReason())
                        .isEqualTo("nobody opened it for reading within 300 ms"));
    }

    @Test
    @Timeout(30)
    void does_not_wait_for_ever_for_a_reader_that_stops() throws Exception {
        Path pipe = Pipe.at(directory.resolve("pipe"));
        // To open a pipe for both waits for nobody, and nobody reads it.
        try (FileChannel both = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertThat(both.isOpen()).isTrue();

            assertThatThrownBy(() -> ReportTarget.writeStream(pipe, new byte[1 << 20], LATE, SOON))
                    .isInstanceOfSatisfying(FileSystemException.class, fault -> assertThat(fault.getReason())
                            .isEqualTo("its reader did not take everything within 300 ms"));
        }
    }

    @Test
    @Timeout(60)
    void tells_that_a_pipe_needs_a_reader() throws Exception {
        Path pipe = Pipe.at(directory.resolve("pipe"));

        assertThatThrownBy(() -> writes(pipe)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.what()).isEqualTo("cannot write " + pipe);
            assertThat(failure.why()).isEqualTo("nobody opened it for reading within 10.0 s");
            assertThat(failure.remedy()).startsWith("start a program that reads from there");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/null", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/../dev/null"})
    void takes_the_streams_of_a_process_as_they_are(String name) {
        assertThat(ReportTarget.isStream(Path.of(name))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"report.json", "/tmp/report.json", "/dev/shm/report.json", "/device/report.json"})
    void takes_everything_else_for_a_file(String name) {
        assertThat(ReportTarget.isStream(Path.of(name))).isFalse();
    }
}
