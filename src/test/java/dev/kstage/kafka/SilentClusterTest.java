package dev.kstage.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster that accepts connections and never answers: each wait for it ends. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SilentClusterTest {
    private static final Duration SHORT = Duration.ofMillis(500);
    // Longer than a test may take: whatever ends has a limit of its own.
    private static final Duration LONG = Duration.ofHours(1);

    private final SilentServer server;
    private final List<String> warnings = new ArrayList<>();

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

    @Test
    void the_offsets_of_a_group_are_given_up() {
        try (GroupOffsets offsets =
                new GroupOffsets(server.settings(SHORT), "group", new StageProgress(), () -> false, slowClock())) {
            assertTemporary(() -> offsets.decided(List.of(new TopicPartition("orders", 0))));
        }
    }

    private OffsetReporter reporter(ClientSettings settings, KafkaConsumer<byte[], byte[]> consumer) {
        ConsumerGroup group = ConsumerGroup.reportOnly("group", "sink");
        return new OffsetReporter(consumer, "orders", group, group.coordinator(settings), warnings::add);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(ClientSettings settings) {
        return new KafkaConsumer<>(settings.consumer(ConsumerGroup.reportOnly("group", "sink")));
    }

    @Test
    void offsets_for_displays_that_can_not_be_committed_cost_a_warning() {
        ClientSettings settings = server.settings(LONG);
        KafkaConsumer<byte[], byte[]> consumer = consumer(settings);
        try {
            OffsetReporter reporter = reporter(settings, consumer);
            reporter.commit(Positions.of(Map.of(0, Position.at(7))));

            reporter.settle();

            assertThat(warnings).singleElement().asString().startsWith("group group does not show how far this run is");
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    @Test
    void offsets_for_displays_that_can_not_be_read_cost_a_warning() {
        ClientSettings settings = server.settings(SHORT);
        KafkaConsumer<byte[], byte[]> consumer = consumer(settings);
        try {
            Positions known = reporter(settings, consumer).read(List.of(new TopicPartition("orders", 0)));

            assertThat(known.isEmpty()).isTrue();
            assertThat(warnings).hasSize(1);
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    /** It asks each server and the cluster, each with limits of its own, whatever the user's is. */
    @Test
    void a_coordinator_that_nobody_tells_of_has_no_fault_that_is_known() {
        Coordinator coordinator = Coordinator.ofGroup(server.settings(LONG), "group");

        assertThat(coordinator.fault()).isEmpty();
        assertThat(coordinator.faultOfWrites()).isEmpty();
    }

    /** All that is asked about hanging transactions is waited for by this. */
    @Test
    void an_answer_that_the_client_never_gives_is_given_up() {
        AdminCalls calls = new AdminCalls(server.settings(SHORT), SHORT);

        assertTemporary(() -> calls.orFailure("cannot ask for transactions", new KafkaFutureImpl<>()));
    }

    @Test
    void a_connection_to_one_broker_is_given_up() {
        assertThatThrownBy(() -> BrokerConnection.connect(server.settings(LONG), server.address(), SHORT))
                .isInstanceOf(IOException.class);
    }

    /** As `env up` does. */
    @Test
    void a_cluster_that_is_starting_is_waited_for_within_the_limit() {
        assertThat(Cluster.await(server.settings(SHORT), 1, Duration.ofSeconds(2), () -> false))
                .isFalse();
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
