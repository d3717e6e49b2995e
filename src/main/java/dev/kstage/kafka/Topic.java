package dev.kstage.kafka;

import java.util.Optional;

/**
 * A topic as it was found.
 *
 * @param id its topic id (KIP-516), or {@link Cluster#NO_TOPIC_ID} from a broker that has none
 * @param partitions how many partitions it has, numbered from 0
 */
public record Topic(String name, String id, int partitions) {
    /** What a run that keeps a position in it should know of it. */
    public Optional<String> warning() {
        return warning(name, id);
    }

    static Optional<String> warning(String name, String id) {
        return id.equals(Cluster.NO_TOPIC_ID)
                ? Optional.of("the cluster gives topics no id, as those before Kafka 2.8: that " + name
                        + " was deleted and created again would not be noticed")
                : Optional.empty();
    }
}
