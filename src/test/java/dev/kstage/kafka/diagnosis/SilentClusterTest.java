package dev.kstage.kafka.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.kafka.client.SilentServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits for a cluster that accepts connections and never answers: each has a limit. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SilentClusterTest {
    private static final Duration SHORT = Duration.ofMillis(500);
    // Longer than a test may take: whatever ends has a limit of its own.
    private static final Duration LONG = Duration.ofHours(1);

    private final SilentServer server;

    SilentClusterTest() throws IOException {
        server = new SilentServer();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** It asks each server and the cluster, each with limits of its own, whatever the user's is. */
    @Test
    void a_coordinator_that_nobody_tells_of_has_no_fault_that_is_known() {
        Coordinator coordinator = Coordinator.ofGroup(server.settings(LONG), "group");

        assertThat(coordinator.fault()).isEmpty();
        assertThat(coordinator.faultOfWrites()).isEmpty();
    }

    @Test
    void questions_that_hang_get_the_answer_for_late_ones() {
        assertThat(ParallelProbes.map(List.of(1, 2), SHORT, "late", number -> number == 1 ? "answer" : hang()))
                .containsExactly("answer", "late");
        assertThat(ParallelProbes.await(ParallelProbes.start(SilentClusterTest::hang), SHORT, "late"))
                .isEqualTo("late");
    }

    private static String hang() {
        try {
            Thread.sleep(LONG.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "never";
    }
}
