package dev.kstage.stage;

import dev.kstage.record.Positions;
import java.util.Set;

/** Told by a source which partitions are assigned to this run, and which are taken from it. */
public interface PartitionListener {
    /** The start of partitions that the sink has no position for. */
    @FunctionalInterface
    interface Starts {
        /**
         * @param partitions those without a position
         * @param initialPartitions partitions from this number on were added after the destination was created
         * @return a position for each of them
         */
        Positions of(Set<Integer> partitions, int initialPartitions);
    }

    /** These partitions are assigned to this run; returns the position of each, from which to read. */
    Positions assigned(Set<Integer> partitions, Starts starts);

    /** These partitions go to another run after this call, which may still commit what was read of them. */
    void revoked(Set<Integer> partitions);

    /** These partitions are assigned to another run already: what was read and not committed is dropped. */
    void lost(Set<Integer> partitions);
}
