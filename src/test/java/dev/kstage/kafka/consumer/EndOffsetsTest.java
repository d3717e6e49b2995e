package dev.kstage.kafka.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class EndOffsetsTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private final EndOffsets ends = new EndOffsets(new MockConsumer<>("none"));

    @Test
    void those_of_the_start_stay_when_later_ones_are_heard() {
        ends.begin(Map.of(PARTITION, 10L));
        ends.are(Map.of(PARTITION, 17L));
        ends.begin(Map.of(PARTITION, 18L));

        assertThat(ends.atStart(PARTITION)).isEqualTo(10);
        assertThat(ends.of(PARTITION)).isEqualTo(18);
        assertThat(ends.atStart(new TopicPartition("orders", 1))).isEqualTo(Long.MAX_VALUE);
    }
}
