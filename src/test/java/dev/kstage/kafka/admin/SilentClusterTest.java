package dev.kstage.kafka.admin;

import static dev.kstage.kafka.client.SilentCluster.LONG;
import static dev.kstage.kafka.client.SilentCluster.SHORT;
import static dev.kstage.kafka.client.SilentCluster.assertTemporary;
import static dev.kstage.kafka.client.SilentCluster.slowClock;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.kafka.client.SilentCluster;
import dev.kstage.kafka.client.Topic;
import dev.kstage.report.StageProgress;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Waits for a cluster that accepts connections and never answers: each has a limit. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SilentClusterTest {
    @RegisterExtension
    final SilentCluster cluster = new SilentCluster();

    @Test
    void the_id_of_a_topic_is_waited_for_as_long_as_an_outage_is() {
        Topic topic = new Topic("orders", Uuid.randomUuid().toString(), 1);
        try (TopicIdentity identity = new TopicIdentity(cluster.settings(LONG), new StageProgress(), slowClock())) {
            assertTemporary(() -> identity.confirm(List.of(topic), () -> false));
        }
    }

    /** All that is asked about hanging transactions is waited for by this. */
    @Test
    void an_answer_that_the_client_never_gives_is_given_up() {
        AdminCalls calls = new AdminCalls(cluster.settings(SHORT), SHORT);

        assertTemporary(() -> calls.orFailure("cannot ask for transactions", new KafkaFutureImpl<>()));
    }

    /** As `env up` does. */
    @Test
    void a_cluster_that_is_starting_is_waited_for_within_the_limit() {
        assertThat(Cluster.await(cluster.settings(SHORT), 1, Duration.ofSeconds(2), () -> false))
                .isFalse();
    }
}
