package dev.kstage.kafka.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.kafka.producer.DeliveryStats;
import dev.kstage.stage.DeadLetterLog;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class CheckpointTest {
    private static final RunParameters PARAMETERS = RunParameters.of(Map.of("--seed", "7"));

    private static DeliveryStats delivered(int partitions) {
        TreeMap<Integer, DeliveryStats.ToPartition> figures = new TreeMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            figures.put(partition, new DeliveryStats.ToPartition(10, partition, partition + 20L));
        }
        return new DeliveryStats(10L * partitions, 0, 1_000, figures);
    }

    private static Checkpoint checkpoint(int partitions, DeliveryStats delivered) {
        return new Checkpoint(
                30, PARAMETERS, partitions, 1_790_000_000_000L, "a1", 1_500, "abc", false, null, delivered);
    }

    @Test
    void what_is_committed_is_read_again() {
        Checkpoint checkpoint = checkpoint(3, delivered(3));

        assertThat(Checkpoint.of("t", checkpoint.offsets("t", null))).isEqualTo(checkpoint);
    }

    @Test
    void only_partitions_that_moved_are_committed_again() {
        Checkpoint before = checkpoint(3, delivered(3));
        DeliveryStats more =
                new DeliveryStats(1, 0, 5, new TreeMap<>(Map.of(1, new DeliveryStats.ToPartition(1, 30, 30))));

        Checkpoint after = before.movedTo(31, more, 1_600, "def", new DeadLetterLog.Extent(70, 1));

        assertThat(after.offsets("t", before))
                .containsOnlyKeys(new TopicPartition("t", 0), new TopicPartition("t", 1))
                .containsEntry(new TopicPartition("t", 1), new OffsetAndMetadata(31, "[11,1,30]"));
        assertThat(after.delivered().records()).isEqualTo(31);
        assertThat(Checkpoint.of("t", after.offsets("t", null))).isEqualTo(after);
    }

    @Test
    void figures_of_very_many_partitions_are_left_out() {
        Checkpoint checkpoint = checkpoint(1_000, DeliveryStats.NONE).movedTo(40, delivered(1_000), 1, null, null);

        assertThat(checkpoint.offsets("t", null)).containsOnlyKeys(new TopicPartition("t", 0));
        assertThat(checkpoint.delivered().records()).isEqualTo(10_000);
        assertThat(checkpoint.delivered().partitions()).isEmpty();
    }

    @Test
    void its_text_has_room_in_what_a_broker_takes() {
        Map<String, String> parameters = new TreeMap<>();
        for (int i = 0; i < 12; i++) {
            parameters.put("--parameter-" + i, "x".repeat(5_000));
        }
        Checkpoint checkpoint = new Checkpoint(
                Long.MAX_VALUE,
                RunParameters.of(parameters),
                Checkpoint.MOST_PARTITIONS,
                Long.MAX_VALUE,
                "12345678",
                Long.MAX_VALUE,
                "f".repeat(64),
                true,
                new DeadLetterLog.Extent(Long.MAX_VALUE, Long.MAX_VALUE),
                delivered(Checkpoint.MOST_PARTITIONS));

        assertThat(checkpoint.offsets("t", null).values())
                .allSatisfy(offset -> assertThat(offset.metadata()).hasSizeLessThan(1_024));
    }

    @Test
    void no_offset_is_no_checkpoint_and_another_programs_is_refused() {
        assertThat(Checkpoint.of("t", Map.of())).isNull();
        assertThatThrownBy(
                        () -> Checkpoint.of("t", Map.of(new TopicPartition("t", 0), new OffsetAndMetadata(5, "mine"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Checkpoint.of("t", Map.of(new TopicPartition("t", 0), new OffsetAndMetadata(5))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
