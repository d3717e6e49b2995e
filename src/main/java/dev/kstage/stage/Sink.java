package dev.kstage.stage;

import dev.kstage.record.Origin;
import dev.kstage.record.Positions;
import java.time.Duration;
import java.util.Set;

/**
 * The destination of a stage, which also stores the position. One commit stores results and position
 * together, and only if the stored position is still the one before. So a stage may be killed at any
 * instruction, resumed after another process took its partitions, or started twice.
 *
 * <p>A stage calls {@link #open} once. For partitions that are assigned to it, it calls {@link #takeOver} and,
 * for those without a position, {@link #initializeOffsets}; then {@link #write} and {@link #commit} by turns, and
 * {@link #flush} at the end. No reader sees what is written and not committed.
 *
 * <p>Any of these may throw {@link CommitConflict} or {@link RetriableFailure}: nothing of the open batch is stored
 * then, except in the partitions that {@link #committedPartitions} names. A stage then calls {@link #abort} and takes
 * its partitions over again.
 */
public interface Sink extends AutoCloseable {
    /**
     * Makes the sink ready.
     *
     * @param partitions how many partitions the origin has now
     * @return how many it had when the destination was created; partitions from this number on were added
     *     since, and start at their beginning
     * @throws dev.kstage.report.Failure if it holds records of another origin
     */
    int open(Origin origin, int partitions);

    /**
     * Takes partitions over: undoes or completes what an earlier owner began there. From now on a commit
     * of that owner fails.
     *
     * @return the positions stored with what the sink holds, of those of the partitions that have one
     */
    Positions takeOver(Set<Integer> partitions);

    /** Stores the start of partitions that have no position yet. */
    void initializeOffsets(Positions starts);

    /** Adds results to the open batch. */
    void write(Results results);

    /**
     * Stores everything written since the last commit, and the position after it: all or nothing.
     *
     * @param to the position of each partition that has moved since, though there may be no record
     */
    void commit(Positions to);

    /**
     * Asked after a call that ended with {@link CommitConflict} or {@link RetriableFailure}, and before {@link #abort}:
     * which partitions of the commit were stored. Only a sink that commits partition by partition has any.
     */
    default Set<Integer> committedPartitions() {
        return Set.of();
    }

    /**
     * How many of the records written and committed so far the destination did not accept: they are among
     * the dead letters instead.
     */
    default long rejected() {
        return 0;
    }

    /** Drops everything written since the last commit. */
    default void abort() {}

    /** Whether what is written should be committed now. */
    boolean isCommitDue(Duration sinceCommit);

    /** Waits until the outcome of every commit is known; the counts of the sink are final then. */
    default void flush() {}

    @Override
    void close();
}
