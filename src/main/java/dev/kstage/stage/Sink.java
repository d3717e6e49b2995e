package dev.kstage.stage;

import java.time.Duration;

/**
 * Where the records of a stage go, and the owner of the position: results and position are stored in
 * one commit, so that a stage may be killed at any instruction and started again.
 *
 * <p>A stage calls {@link #open} once, then {@link #commit} for each batch of results, then {@link
 * #settle}, and closes it. Closing without a commit before it stores nothing.
 */
public interface Sink extends AutoCloseable {
    /**
     * Makes the sink ready and gives the positions stored with what it holds, after undoing whatever an
     * earlier run began and did not commit.
     */
    Positions open(Origin origin);

    /**
     * Stores results and the position after them: all of it or nothing.
     *
     * @param to the position after the results, which may have moved though there are none
     */
    void commit(Results results, Positions to);

    /** How long a stage may gather results before it commits; zero: after each poll. */
    Duration commitInterval();

    /** Waits until everything committed is decided; afterwards the counts of the sink are final. */
    default void settle() {}

    @Override
    void close();
}
