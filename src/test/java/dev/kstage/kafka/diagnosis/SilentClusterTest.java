package dev.kstage.kafka.diagnosis;

import static dev.kstage.kafka.client.SilentCluster.LONG;
import static dev.kstage.kafka.client.SilentCluster.SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.kafka.client.SilentCluster;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Waits for a cluster that accepts connections and never answers: each has a limit. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SilentClusterTest {
    @RegisterExtension
    final SilentCluster cluster = new SilentCluster();

    /** It asks each server and the cluster, each with limits of its own, whatever the user's is. */
    @Test
    void a_coordinator_that_nobody_tells_of_has_no_fault_that_is_known() {
        Coordinator coordinator = Coordinator.ofGroup(cluster.settings(LONG), "group");

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
