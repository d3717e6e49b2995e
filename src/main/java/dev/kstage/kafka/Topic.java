package dev.kstage.kafka;

import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * A topic as it was found.
 *
 * @param id its topic id (KIP-516), or {@link Cluster#NO_TOPIC_ID} from a broker that has none
 * @param partitions how many partitions it has, numbered from 0
 */
public record Topic(String name, String id, int partitions) {
    /** Its partitions, each at the index that is its number. */
    List<TopicPartition> all() {
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
     * The same for the partition of a record.
     *
     * @param names what a record is called in messages
     */
    void requirePartition(Record record, Function<Record, String> names) {
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

    static Optional<String> warning(String name, String id) {
        return id.equals(Cluster.NO_TOPIC_ID)
                ? Optional.of("the cluster gives topics no id, as those before Kafka 2.8: that " + name
                        + " was deleted and created again would not be noticed")
                : Optional.empty();
    }
}
