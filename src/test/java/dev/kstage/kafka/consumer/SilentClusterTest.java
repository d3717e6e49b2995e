package dev.kstage.kafka.consumer;

import static dev.kstage.kafka.client.SilentCluster.LONG;
import static dev.kstage.kafka.client.SilentCluster.SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.SilentCluster;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Waits for a cluster that accepts connections and never answers: each has a limit. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SilentClusterTest {
    @RegisterExtension
    final SilentCluster cluster = new SilentCluster();

    private final List<String> warnings = new ArrayList<>();

    private OffsetReporter reporter(ClientSettings settings, KafkaConsumer<byte[], byte[]> consumer) {
        ConsumerGroup group = ConsumerGroup.reportOnly("group", "sink");
        return new OffsetReporter(consumer, "orders", group, group.coordinator(settings), warnings::add);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(ClientSettings settings) {
        return new KafkaConsumer<>(settings.consumer("group", null));
    }

    @Test
    void offsets_for_displays_that_can_not_be_committed_cost_a_warning() {
        ClientSettings settings = cluster.settings(LONG);
        KafkaConsumer<byte[], byte[]> consumer = consumer(settings);
        try {
            OffsetReporter reporter = reporter(settings, consumer);
            reporter.commit(Positions.of(Map.of(0, Position.at(7))));

            reporter.settle();

            assertThat(warnings)
                    .singleElement()
                    .asString()
                    .startsWith("group group does not show the progress of this run");
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    @Test
    void offsets_for_displays_that_can_not_be_read_cost_a_warning() {
        ClientSettings settings = cluster.settings(SHORT);
        KafkaConsumer<byte[], byte[]> consumer = consumer(settings);
        try {
            Positions known = reporter(settings, consumer).read(List.of(new TopicPartition("orders", 0)));

            assertThat(known.isEmpty()).isTrue();
            assertThat(warnings).hasSize(1);
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
