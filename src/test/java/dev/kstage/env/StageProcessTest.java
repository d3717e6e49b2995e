package dev.kstage.env;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class StageProcessTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    /** A program that does nothing for a while. */
    static final class Waiting {
        public static void main(String[] arguments) throws InterruptedException {
            System.err.println("waiting for " + arguments[0]);
            Thread.sleep(2 * LONG.toMillis());
        }
    }

    @Test
    void one_that_hangs_can_be_asked_what_its_threads_are_at() {
        try (StageProcess child = waiting()) {
            Eventually.await("its main thread in its stacks", LONG, () -> {
                child.dumpThreads();
                return child.output().contains("StageProcessTest$Waiting.main");
            });

            assertThat(child.isAlive()).isTrue();
        }
    }

    @Test
    void one_that_is_paused_stays_and_continues_when_it_is_resumed() {
        try (StageProcess child = waiting()) {
            assertThat(child.pause()).isTrue();
            child.terminate();
            assertThat(child.awaitEnd(Duration.ofMillis(300))).isFalse();
            assertThat(child.isPaused()).isTrue();

            child.resume();

            assertThat(child.awaitEnd(LONG)).isTrue();
            assertThat(child.exitCode()).isEqualTo(128 + 15);
            assertThat(child.messages()).contains("waiting for godot");
        }
    }

    @Test
    @Timeout(30)
    void one_that_has_ended_can_not_be_paused_any_more() {
        try (StageProcess child = waiting()) {
            child.terminate();
            assertThat(child.awaitEnd(LONG)).isTrue();

            assertThat(child.pause()).isFalse();
            assertThat(child.isPaused()).isFalse();
        }
    }

    private StageProcess waiting() {
        StageProcess child = StageProcess.start(
                Waiting.class.getName(),
                List.of("godot"),
                Map.of(),
                directory.resolve("out"),
                directory.resolve("log"));
        Eventually.await("it to be at work", LONG, child::isAtWork);
        return child;
    }
}
