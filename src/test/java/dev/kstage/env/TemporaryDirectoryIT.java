package dev.kstage.env;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.RunningProcess;
import dev.kstage.installed.SharedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a process unpacks native code: nobody else can write there, and nothing of it is left. */
@ExtendWith(SharedKafka.class)
final class TemporaryDirectoryIT {
    private final KafkaClients kafka;
    private final Installation kstage;
    private final Path shared;

    TemporaryDirectoryIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.shared = home.resolve("shared");
        this.kstage = Installation.in(home)
                .at(kafka.bootstrapServers())
                .with("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + shared);
    }

    @BeforeEach
    void make() throws IOException {
        Files.createDirectory(shared);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lz4", "snappy", "zstd", "gzip"})
    void native_code_is_unpacked_where_only_the_user_can_write_and_removed(String codec) throws IOException {
        kafka.createTopic("codec-" + codec, 1);
        kstage.run("produce", "codec-" + codec, "--count", "100", "--compression", codec)
                .expect(0);
        assertThat(list(shared)).isEmpty();

        String[] command = {"consume", "codec-" + codec, "--to", codec + ".jsonl", "--follow"};
        try (RunningProcess run = kstage.start(command)) {
            Eventually.await(
                    "all to be stored", Duration.ofSeconds(30), () -> lines(kstage.file(codec + ".jsonl")) == 100);
            assertThat(list(shared)).singleElement().satisfies(own -> {
                assertThat(own.getFileName().toString()).startsWith("kstage-" + run.pid() + "-");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                        .isEqualTo("rwx------");
            });
            run.signal("TERM");
            run.await().expect(143);
        }
        assertThat(list(shared)).isEmpty();
    }

    @Test
    void what_killed_processes_of_the_user_have_left_is_removed_and_nothing_else() throws IOException {
        long dead = 999_999_999_999L;
        Path left = old("kstage-" + dead + "-a1", "rwx------");
        Files.createFile(left.resolve("lib.so"));
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Path recent = Files.createDirectory(shared.resolve("kstage-" + dead + "-a2"));
        Files.setPosixFilePermissions(recent, PosixFilePermissions.fromString("rwx------"));
        Path open = old("kstage-" + dead + "-a3", "rwxrwxrwx");
        Path live = old("kstage-" + ProcessHandle.current().pid() + "-a4", "rwx------");
        Path other = old("kstage-" + dead + "-other", "rwx------");
        Path elsewhere = Files.createDirectory(kstage.file("elsewhere"));
        Files.createFile(elsewhere.resolve("kept"));
        Path link = Files.createSymbolicLink(shared.resolve("kstage-" + dead + "-a5"), elsewhere);

        kstage.run("topic", "list").expect(0);

        assertThat(list(shared)).containsExactlyInAnyOrder(recent, open, live, other, link);
        assertThat(list(elsewhere)).hasSize(1);
    }

    private Path old(String name, String permissions) throws IOException {
        Path directory = Files.createDirectory(shared.resolve(name));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
        Files.setLastModifiedTime(directory, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        return directory;
    }

    /** How many lines there are by now, while a run is writing them. */
    private static long lines(Path file) {
        try {
            return Files.readString(file).chars().filter(each -> each == '\n').count();
        } catch (IOException e) {
            return 0;
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
