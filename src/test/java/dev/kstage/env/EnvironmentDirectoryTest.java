package dev.kstage.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.profile.Pipe;
import dev.kstage.profile.XdgDirectories;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class EnvironmentDirectoryTest {
    private final EnvironmentDirectory directory;

    EnvironmentDirectoryTest(@TempDir Path home) throws IOException {
        directory = EnvironmentDirectory.of(XdgDirectories.of(Map.of("HOME", home.toString()), home), "local");
        directory.create();
    }

    @Test
    void one_command_at_a_time_has_it() throws IOException {
        try (FileChannel lock = directory.lock()) {
            assertThat(lock.isOpen()).isTrue();
        }
        try (FileChannel again = directory.lock()) {
            assertThat(again.isOpen()).isTrue();
        }
    }

    @Test
    void a_pipe_in_place_of_the_lock_is_not_waited_for() throws IOException, InterruptedException {
        Pipe.at(directory.root().resolve("lock"));

        // A lock on a pipe does as well.
        try (FileChannel lock = directory.lock()) {
            assertThatThrownBy(directory::lock).isInstanceOf(OverlappingFileLockException.class);
            assertThat(lock.isOpen()).isTrue();
        }
    }
}
