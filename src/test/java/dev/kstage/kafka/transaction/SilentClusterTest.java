package dev.kstage.kafka.transaction;

import static dev.kstage.kafka.client.SilentCluster.SHORT;
import static dev.kstage.kafka.client.SilentCluster.assertTemporary;
import static dev.kstage.kafka.client.SilentCluster.slowClock;

import dev.kstage.kafka.client.SilentCluster;
import dev.kstage.report.StageProgress;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Waits for a cluster that accepts connections and never answers: each has a limit. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SilentClusterTest {
    @RegisterExtension
    final SilentCluster cluster = new SilentCluster();

    @Test
    void the_offsets_of_a_group_are_given_up() {
        try (GroupOffsets offsets =
                new GroupOffsets(cluster.settings(SHORT), "group", new StageProgress(), () -> false, slowClock())) {
            assertTemporary(() -> offsets.decided(List.of(new TopicPartition("orders", 0))));
        }
    }
}
