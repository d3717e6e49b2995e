package dev.kstage.kafka.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NetworkSideTest {
    @Test
    void a_container_is_known_by_what_its_engine_leaves(@TempDir Path root) throws IOException {
        assertThat(NetworkSide.of(root)).isEqualTo(NetworkSide.ON_HOST);

        for (String file : new String[] {".dockerenv", "run/.containerenv"}) {
            write(root.resolve(file), "");
            assertThat(NetworkSide.of(root)).isEqualTo(NetworkSide.IN_CONTAINER);
            Files.delete(root.resolve(file));
        }
        write(root.resolve("proc/1/cgroup"), "0::/init.scope\n");
        assertThat(NetworkSide.of(root)).isEqualTo(NetworkSide.ON_HOST);
        write(root.resolve("proc/1/cgroup"), "0::/kubepods/besteffort/pod1\n");
        assertThat(NetworkSide.of(root)).isEqualTo(NetworkSide.IN_CONTAINER);
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, content);
    }
}
