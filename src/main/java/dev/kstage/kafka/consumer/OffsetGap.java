package dev.kstage.kafka.consumer;

import dev.kstage.report.Failure;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Failures of positions that do not exist any more in a partition. No record is ever skipped silently. */
final class OffsetGap {
    private OffsetGap() {}

    /** Fails if a stored position is outside of the offsets of the partition. */
    static void refuse(TopicPartition partition, long next, long start, long end) {
        if (next < start) {
            throw failure(partition, deleted(next, start));
        }
        if (next > end) {
            throw failure(
                    partition,
                    "the topic ends at " + end + ", before the stored position " + next
                            + ": its log was truncated, or an open transaction hides the rest");
        }
    }

    /** The failure after an unclean leader election: the new leader does not have all records that were read. */
    static Failure cut(TopicPartition partition) {
        return failure(
                partition,
                "its log was truncated after the records before the position were read"
                        + " (the new leader did not have all of them)");
    }

    /** The failure of a position that was in range before; it names the range that is left, if the cluster answers. */
    static Failure gone(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long next) {
        long start;
        try {
            start = consumer.beginningOffsets(List.of(partition), Duration.ofSeconds(2))
                    .getOrDefault(partition, 0L);
        } catch (KafkaException e) {
            start = 0;
        }
        return failure(
                partition,
                start > next
                        ? deleted(next, start)
                        : "offset " + next + " does not exist any more: the log was truncated");
    }

    private static String deleted(long next, long start) {
        return "its offsets " + next + " to " + (start - 1) + " were deleted before they were read (retention); "
                + start + " is the first that is left";
    }

    private static Failure failure(TopicPartition partition, String why) {
        return new Failure(
                Failure.Kind.FAILED,
                "partition " + partition.partition() + " of " + partition.topic()
                        + " can't be read on from its position",
                why,
                "nothing was skipped; to accept the gap, store the remaining records in a new destination");
    }
}
