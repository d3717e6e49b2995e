package dev.kstage.stage;

import dev.kstage.record.Positions;
import java.util.Set;

/** Rebalance callbacks: which partitions are assigned to this run, revoked or lost. */
public interface PartitionListener {
    /** Chooses start offsets for partitions that have no stored position. */
    @FunctionalInterface
    interface Starts {
        /**
         * @param partitions partitions without a position
         * @param initialPartitions partitions from this number on were added after the destination was created
         * @return a position for each of them
         */
        Positions of(Set<Integer> partitions, int initialPartitions);
    }

    /** Partitions were assigned to this run. Returns the position of each, from which to read. */
    Positions assigned(Set<Integer> partitions, Starts starts);

    /** Partitions will go to another run after this call. The call may still commit what was read of them. */
    void revoked(Set<Integer> partitions);

    /** Partitions already belong to another run. What was read of them and not committed is dropped. */
    void lost(Set<Integer> partitions);
}
