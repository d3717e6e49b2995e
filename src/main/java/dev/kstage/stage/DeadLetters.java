package dev.kstage.stage;

import dev.kstage.record.DeadLetter;
import java.util.function.Consumer;

/**
 * Reads the dead-letter records of a destination. Two readings give the same records in the same order, unless
 * records were added in between.
 */
public interface DeadLetters {
    /**
     * A dead-letter record and its topic.
     *
     * @param topic the topic of the record
     */
    record Kept(String topic, DeadLetter deadLetter) {}

    /** The destination of the records, for messages. */
    String place();

    /** An id of the destination that does not depend on how the user names it. */
    default String identity() {
        return place();
    }

    /**
     * Passes each record to {@code use}; none if the destination does not exist.
     *
     * @throws dev.kstage.report.Failure if they can't be read
     */
    void forEach(Consumer<Kept> use);

    /**
     * Passes each record to {@code use} and continues after entries that are not dead-letter records.
     *
     * @param fault receives a message for each such entry
     */
    default void forEach(Consumer<Kept> use, Consumer<String> fault) {
        forEach(use);
    }
}
