package dev.kstage.stage;

import dev.kstage.record.Origin;
import dev.kstage.record.Positions;
import java.time.Duration;
import java.util.Set;

/**
 * Where the records of a stage go, and the owner of the position: results and position are stored in
 * one commit, which is a compare-and-set on the position before, so that a stage may be killed at any
 * instruction, woken as a zombie, or started twice.
 *
 * <p>A stage calls {@link #open} once. For partitions that become its own it calls {@link #takeOver} and,
 * for those without a position, {@link #initializeOffsets}; then {@link #write} and {@link #commit} by turns, and
 * {@link #flush} at the end. What is written and not committed is as if it had never been.
 *
 * <p>Any of these may throw {@link CommitConflict} or {@link RetriableFailure}: nothing of the open batch is stored
 * then but what {@link #committedPartitions} names. A stage answers with {@link #abort} and claims its partitions anew.
 */
public interface Sink extends AutoCloseable {
    /**
     * Makes the sink ready.
     *
     * @param partitions how many partitions the origin has now
     * @return how many it had when this sink was born; partitions from this number on were added since,
     *     and start at their beginning
     * @throws dev.kstage.report.Failure if it holds records of another origin
     */
    int open(Origin origin, int partitions);

    /**
     * Takes partitions: undoes or completes what an earlier owner began there, and from now on refuses
     * or overtakes what it still tries to commit.
     *
     * @return the positions stored with what the sink holds, of those of the partitions that have one
     */
    Positions takeOver(Set<Integer> partitions);

    /** Stores where claimed partitions start that have no position yet. */
    void initializeOffsets(Positions starts);

    /** Takes results into the open batch. */
    void write(Results results);

    /**
     * Stores everything written since the last commit and the position after it: all of it or nothing.
     *
     * @param to the position of each partition that has moved since, though there may be no record
     */
    void commit(Positions to);

    /**
     * Asked after a call that ended with {@link CommitConflict} or {@link RetriableFailure}, and before {@link #abort}:
     * which partitions of the commit are stored all the same. A sink that commits partition by partition
     * may have some; of one whose commit is all or nothing there are none.
     */
    default Set<Integer> committedPartitions() {
        return Set.of();
    }

    /**
     * How many of the records written and committed so far the sink found that it can't take, through
     * their own fault: they are among its dead letters instead.
     */
    default long rejected() {
        return 0;
    }

    /** Drops everything written since the last commit. */
    default void abort() {}

    /** Whether what is written should be committed now. */
    boolean isCommitDue(Duration sinceCommit);

    /** Waits until everything committed is decided; afterwards the counts of the sink are final. */
    default void flush() {}

    @Override
    void close();
}
