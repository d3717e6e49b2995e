package dev.kstage.kafka.exactlyonce;

import dev.kstage.kafka.client.ClusterNames;
import dev.kstage.report.Failure;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A run of {@code produce} that can be resumed, and the parameters that decide its events.
 *
 * @param id chosen by the user
 * @param parameters by the names of the options that set them, without the topic
 */
public record ResumableRun(String id, Map<String, String> parameters) {
    /** The parameter of a replay that says which dead-letter records it is about; it is stored as it is, like the seed. */
    public static final String LETTERS = "letters";

    String transactionalId() {
        return ClusterNames.runTransactionalId(id);
    }

    /** The group whose offsets are the run's checkpoint. */
    public String group() {
        return ClusterNames.runGroup(id);
    }

    /**
     * Fails if the run has a checkpoint in another topic: else it would begin again in this one.
     *
     * @param topics that have a checkpoint of the run
     */
    void requireNoOtherTopic(String topic, Set<String> topics) {
        SortedSet<String> others = new TreeSet<>(topics);
        others.remove(topic);
        if (!others.isEmpty()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "run " + id + " was begun with another topic",
                    "it is for topic " + String.join(", ", others) + ", and not for " + topic,
                    "give a new --run-id for another topic, or name that topic to resume the run");
        }
    }

    /** The failure of a run that has sent records, and has no checkpoint any more. */
    Failure lapsed() {
        return new Failure(
                Failure.Kind.FAILED,
                "how far run " + id + " came is not known any more",
                "it has sent records, but its checkpoint is gone: after 7 days without an attempt"
                        + " (offsets.retention.minutes), or because its topic was deleted",
                "check what the topic holds, and send the missing records with a new --run-id");
    }
}
