package dev.kstage.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.installed.Eventually;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class CommandResultTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private CommandResult run(Duration limit, String script) throws IOException {
        return CommandResult.of(List.of("/bin/sh", "-c", script), directory, Map.of("WORD", "said"), limit);
    }

    @Test
    void has_what_a_program_wrote_and_its_exit_code() throws IOException {
        assertThat(run(LONG, "echo $WORD; echo aside >&2; exit 3"))
                .isEqualTo(new CommandResult(3, "said\n", "aside\n"));
    }

    @Test
    void a_program_that_hangs_is_killed() throws IOException {
        Path pid = directory.resolve("pid");

        assertThatThrownBy(() -> run(Duration.ofSeconds(1), "trap '' TERM; echo $$ >pid; while :; do sleep 1; done"))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.TEMPORARY);
                    assertThat(failure.what()).endsWith("did not end");
                    assertThat(failure.why()).isEqualTo("it was killed after 1.0 s");
                });
        long number = Long.parseLong(Files.readString(pid).strip());
        Eventually.await("its end", LONG, () -> ProcessHandle.of(number)
                .filter(ProcessHandle::isAlive)
                .isEmpty());
    }
}
