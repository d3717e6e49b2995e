package dev.kstage.stage;

import java.time.Duration;

/**
 * Where the records of a stage come from. A stage calls {@link #origin}, then {@link #start} once, then
 * {@link #poll} until it stops, and closes it.
 */
public interface Source extends AutoCloseable {
    /** What its positions count in. */
    Origin origin();

    /**
     * Goes where the sink stands; partitions that the sink has no position for start where the source's
     * own rule says.
     *
     * @return the position of every partition, from which the first poll reads on
     */
    Positions start(Positions stored);

    /**
     * Reads on.
     *
     * @param most how many records at the most, above 0
     * @param wait how long to wait for the first of them; without any in that time the batch is empty
     */
    Batch poll(int most, Duration wait);

    /** Whether all was read that was there when the source started. */
    boolean isAtEnd();

    /**
     * Asked before a run ends because nothing came for a while: whether there really is nothing, and it is
     * not that nobody answers.
     */
    default boolean isQuiet() {
        return true;
    }

    /**
     * Told after a sink has stored everything before {@code positions}: a courtesy for those who watch
     * the source, never the truth.
     */
    default void stored(Positions positions) {}

    /** How many records lie before the end, or -1 if that is not known. */
    default long left() {
        return -1;
    }

    @Override
    void close();
}
