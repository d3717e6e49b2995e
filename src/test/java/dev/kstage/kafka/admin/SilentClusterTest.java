package dev.kstage.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.kafka.client.SilentServer;
import dev.kstage.kafka.client.Topic;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.KafkaFutureImpl;
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

    /** A minute and a second pass between two looks at it. */
    private static LongSupplier slowClock() {
        long[] now = {0};
        return () -> now[0] += Duration.ofSeconds(61).toNanos();
    }

    private static void assertTemporary(org.assertj.core.api.ThrowableAssert.ThrowingCallable wait) {
        assertThatThrownBy(wait).isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.kind())
                .isEqualTo(Failure.Kind.TEMPORARY));
    }

    @Test
    void the_id_of_a_topic_is_waited_for_as_long_as_an_outage_is() {
        Topic topic = new Topic("orders", Uuid.randomUuid().toString(), 1);
        try (TopicIdentity identity = new TopicIdentity(server.settings(LONG), new StageProgress(), slowClock())) {
            assertTemporary(() -> identity.confirm(List.of(topic), () -> false));
        }
    }

    /** All that is asked about hanging transactions is waited for by this. */
    @Test
    void an_answer_that_the_client_never_gives_is_given_up() {
        AdminCalls calls = new AdminCalls(server.settings(SHORT), SHORT);

        assertTemporary(() -> calls.orFailure("cannot ask for transactions", new KafkaFutureImpl<>()));
    }

    /** As `env up` does. */
    @Test
    void a_cluster_that_is_starting_is_waited_for_within_the_limit() {
        assertThat(Cluster.await(server.settings(SHORT), 1, Duration.ofSeconds(2), () -> false))
                .isFalse();
    }
}
