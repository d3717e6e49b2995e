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
    /** What its positions are positions of. */
    Origin origin();

    /** How many partitions it has, numbered from 0. */
    int partitions();

    /**
     * Makes it ready to be polled.
     *
     * @param listener told, now or during a poll, which partitions are assigned to this run
     */
    void start(PartitionListener listener);

    /** Takes its partitions over again and seeks to the sink's positions: what was read since the commit is dropped. */
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
     * Whether the partitions assigned to this run were read to that end, though others may still be reading
     * theirs. Then it is time to commit.
     */
    default boolean isAssignmentAtEnd() {
        return isAtEnd();
    }

    /**
     * Asked before a run ends because no record came for a while: whether there is none, rather than no
     * broker that answers.
     */
    default boolean isIdle() {
        return true;
    }

    /**
     * Asked before a commit: waits until it is confirmed that everything polled so far is of {@link #origin}.
     *
     * @param giveUp asked while it waits: true ends it
     * @return false if it was given up, and nothing may be committed
     * @throws dev.kstage.report.Failure if another topic or file has replaced the origin
     */
    default boolean isConfirmed(BooleanSupplier giveUp) {
        return true;
    }

    /**
     * Told after a sink has stored everything before {@code positions}, so that monitoring can show it. No run
     * starts from what is reported here.
     */
    default void onCommitted(Positions positions) {}

    /** How many records lie before the end, or -1 if that is not known. */
    default long lag() {
        return -1;
    }

    /**
     * The same, asked once as the run ends, so that it may take a moment. A source warns here of records
     * that can't be read yet.
     */
    default long lagAtEnd() {
        return lag();
    }

    @Override
    void close();
}
