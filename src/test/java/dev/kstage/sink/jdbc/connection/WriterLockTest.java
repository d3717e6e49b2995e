package dev.kstage.sink.jdbc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.profile.Pipe;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WriterLockTest {
    @TempDir
    private Path directory;

    @Test
    void a_pipe_in_its_place_is_not_waited_for() throws IOException, InterruptedException {
        Path database = directory.resolve("x.db");
        Pipe.at(directory.resolve("x.db.lock"));

        assertThatThrownBy(
                        () -> WriterLock.of(new DatabaseLogin("jdbc:sqlite:" + database, null, null, null), "orders"))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.why()).contains("it is not a regular file"));
    }
}
