package dev.kstage.stage;

import dev.kstage.record.Origin;
import dev.kstage.record.Positions;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Where the records of a stage come from. A stage calls {@link #origin}, then {@link #start} once, then
 * {@link #poll} until it stops, and closes it.
 */
public interface Source extends AutoCloseable {
    /** What its positions count in. */
    Origin origin();

    /** How many partitions it has, numbered from 0. */
    int partitions();

    /**
     * Makes it ready to be polled.
     *
     * @param claims told, now or during a poll, which partitions are this run's
     */
    void start(PartitionListener claims);

    /** Claims its partitions anew and goes where the sink stands, since what was read is void. */
    void restart();

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
     * Whether this run's share was read to that end, though others may still be reading theirs: then it is
     * time to commit.
     */
    default boolean isAssignmentAtEnd() {
        return isAtEnd();
    }

    /**
     * Asked before a run ends because nothing came for a while: whether there really is nothing, and it is
     * not that nobody answers.
     */
    default boolean isIdle() {
        return true;
    }

    /**
     * Asked before a commit: makes sure that everything polled so far is of {@link #origin}, and waits for
     * that to be confirmed.
     *
     * @param giveUp asked while it waits: true ends it
     * @return false if it was given up, and nothing may be committed
     * @throws dev.kstage.report.Failure if something else has taken the place of the origin
     */
    default boolean isConfirmed(BooleanSupplier giveUp) {
        return true;
    }

    /**
     * Told after a sink has stored everything before {@code positions}: a courtesy for those who watch
     * the source, never the truth.
     */
    default void onCommitted(Positions positions) {}

    /** How many records lie before the end, or -1 if that is not known. */
    default long lag() {
        return -1;
    }

    /**
     * The same, asked once as the run ends, so that it may take a moment. This is the time to tell of records that
     * are there and can't be read yet.
     */
    default long lagAtEnd() {
        return lag();
    }

    @Override
    void close();
}
