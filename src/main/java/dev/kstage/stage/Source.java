package dev.kstage.stage;

import dev.kstage.record.Origin;
import dev.kstage.record.Positions;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Reads the records of a stage. A stage calls {@link #origin}, then {@link #start} once, then {@link #poll} until it
 * stops, and closes the source.
 */
public interface Source extends AutoCloseable {
    /** The topic, file or template that the positions of this source refer to. */
    Origin origin();

    /** The number of partitions, numbered from 0. */
    int partitions();

    /**
     * Makes the source ready to be polled.
     *
     * @param listener is called, now or during a poll, with the partitions that are assigned to this run
     */
    void start(PartitionListener listener);

    /**
     * Takes the assigned partitions over again and seeks to the sink's positions. Uncommitted records are dropped.
     */
    void restart();

    /**
     * Reads the next records.
     *
     * @param most maximum number of records, above 0
     * @param wait how long to wait for the first record; the batch is empty if none comes in that time
     */
    Batch poll(int most, Duration wait);

    /** Whether everything that existed at the start was read. */
    boolean isAtEnd();

    /**
     * Whether all assigned partitions were read to that end. Other workers may still be reading their partitions. A
     * commit is due then.
     */
    default boolean isAssignmentAtEnd() {
        return isAtEnd();
    }

    /**
     * Whether there really is no record, and the broker does respond. Called before a run ends because of {@code
     * --idle-timeout}.
     */
    default boolean isIdle() {
        return true;
    }

    /**
     * Confirms that everything polled so far belongs to {@link #origin}. Called before a commit; waits for the
     * confirmation.
     *
     * @param giveUp polled while it waits; true ends the wait
     * @return false if the wait was given up; then nothing may be committed
     * @throws dev.kstage.report.Failure if another topic or file has replaced the origin
     */
    default boolean isConfirmed(BooleanSupplier giveUp) {
        return true;
    }

    /**
     * Reports committed positions, so that monitoring can show the lag. Called after the sink has stored everything
     * before {@code positions}. No run starts from what is reported here.
     */
    default void onCommitted(Positions positions) {}

    /** The lag: the number of records before the end, or -1 if that is not known. */
    default long lag() {
        return -1;
    }

    /**
     * The lag when the run ends; called once, so it may take a moment. A source warns here of records that can't be
     * read yet.
     */
    default long lagAtEnd() {
        return lag();
    }

    @Override
    void close();
}
