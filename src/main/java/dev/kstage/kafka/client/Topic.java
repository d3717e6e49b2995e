package dev.kstage.kafka.client;

import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;

/**
 * A topic that exists.
 *
 * @param id its topic id (KIP-516), or {@link #NO_ID} from a broker that has none
 * @param partitions how many partitions it has, numbered from 0
 */
public record Topic(String name, String id, int partitions) {
    /** The id of a topic where the broker gives none (before Kafka 2.8). */
    public static final String NO_ID = Uuid.ZERO_UUID.toString();

    /** Its partitions, each at the index that is its number. */
    public List<TopicPartition> all() {
        return IntStream.range(0, partitions)
                .mapToObj(number -> new TopicPartition(name, number))
                .toList();
    }

    /** What a run that keeps a position in it should know of it. */
    public Optional<String> warning() {
        return warning(name, id);
    }

    /** @throws Failure if it has no partition of this number; {@link Record#UNSET} is none that could be missing */
    public void requirePartition(int number) {
        if (number >= partitions) {
            throw noPartition(number, "");
        }
    }

    /**
     * Fails if the topic has no partition of the number that a record names.
     *
     * @param names what a record is called in messages
     */
    public void requirePartition(Record record, Function<Record, String> names) {
        if (record.partition() >= partitions) {
            throw noPartition(record.partition(), "; it is the partition of " + names.apply(record));
        }
    }

    private Failure noPartition(int number, String whose) {
        return new Failure(
                Failure.Kind.USAGE,
                "there is no partition " + number,
                name + " has " + partitions + ", numbered from 0" + whose,
                "choose one of them");
    }

    /** Whether a partition has a leader now. */
    public static boolean hasLeader(TopicPartitionInfo partition) {
        return partition.leader() != null && !partition.leader().isEmpty();
    }

    public static Optional<String> warning(String name, String id) {
        return id.equals(NO_ID)
                ? Optional.of("the cluster has no topic ids (before Kafka 2.8): kstage would not notice if " + name
                        + " were deleted and recreated")
                : Optional.empty();
    }
}
