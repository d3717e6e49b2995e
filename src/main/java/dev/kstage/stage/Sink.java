package dev.kstage.stage;

import dev.kstage.record.Origin;
import dev.kstage.record.Positions;
import java.time.Duration;
import java.util.Set;

/**
 * The destination of a stage, which also stores the offsets. One commit writes results and offsets atomically. It
 * succeeds only if the stored offsets have not changed since this run read them (compare-and-set). So a stage can be
 * killed at any instruction, resumed after another process took its partitions, or started twice.
 *
 * <p>A stage calls {@link #open} once. For assigned partitions it calls {@link #takeOver} and, for partitions without
 * a position, {@link #initializeOffsets}. Then it alternates {@link #write} and {@link #commit}, and calls {@link
 * #flush} at the end. Readers do not see uncommitted data.
 *
 * <p>Any of these calls may throw {@link CommitConflict} or {@link RetriableFailure}. Then nothing of the open batch
 * is stored, except in the partitions that {@link #committedPartitions} returns. The stage then calls {@link #abort}
 * and takes its partitions over again.
 */
public interface Sink extends AutoCloseable {
    /**
     * Makes the sink ready.
     *
     * @param partitions the current number of partitions of the origin
     * @return the number of partitions when the destination was created; partitions from this number on were added
     *     later, and are read from their beginning
     * @throws dev.kstage.report.Failure if the destination holds records of another origin
     */
    int open(Origin origin, int partitions);

    /**
     * Takes partitions over: undoes or completes what an earlier owner started there. A later commit of that owner
     * fails.
     *
     * @return the stored positions of those partitions that have one
     */
    Positions takeOver(Set<Integer> partitions);

    /** Stores start offsets of partitions that have no position yet. */
    void initializeOffsets(Positions starts);

    /** Adds results to the open batch. */
    void write(Results results);

    /**
     * Stores everything written since the last commit, and the new offsets: all or nothing.
     *
     * @param to the new position of each partition whose position has changed, even if it has no new record
     */
    void commit(Positions to);

    /**
     * The partitions of a failed commit that were stored nevertheless. Called after {@link CommitConflict} or {@link
     * RetriableFailure}, and before {@link #abort}. Only a sink that commits each partition separately has such
     * partitions.
     */
    default Set<Integer> committedPartitions() {
        return Set.of();
    }

    /** How many written and committed records the destination rejected; they are dead-letter records. */
    default long rejected() {
        return 0;
    }

    /** Drops everything written since the last commit. */
    default void abort() {}

    /** Whether the open batch should be committed now. */
    boolean isCommitDue(Duration sinceCommit);

    /** Waits until the outcome of every commit is known. Then the counts of the sink are final. */
    default void flush() {}

    @Override
    void close();
}
