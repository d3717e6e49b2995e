package dev.kstage.stage;

import dev.kstage.record.DeadLetter;
import java.util.function.Consumer;

/**
 * The dead letters of a place, read back. Unless some were added since, every reading gives the same
 * ones in the same order.
 */
public interface DeadLetters {
    /**
     * A dead letter and where its record came from.
     *
     * @param topic the topic of its record
     */
    record Kept(String topic, DeadLetter letter) {}

    /** Where they are, for a person. */
    String place();

    /** What tells them from those of any other place, however it is named. */
    default String identity() {
        return place();
    }

    /**
     * Hands over each; none if there is no such place.
     *
     * @throws dev.kstage.report.Failure if they can't be read
     */
    void forEach(Consumer<Kept> use);

    /**
     * The same for whoever checks the place: goes on after what is none.
     *
     * @param fault told of each such thing, for a person
     */
    default void forEach(Consumer<Kept> use, Consumer<String> fault) {
        forEach(use);
    }
}
