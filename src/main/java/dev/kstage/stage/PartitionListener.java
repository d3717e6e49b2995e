package dev.kstage.stage;

import dev.kstage.record.Positions;
import java.util.Set;

/** What a source tells of partitions that become, or cease to be, this run's. */
public interface PartitionListener {
    /** Where partitions start that the sink has no position for. */
    @FunctionalInterface
    interface Starts {
        /**
         * @param partitions those without a position
         * @param born partitions from this number on were added after the sink was born
         * @return a position for each of them
         */
        Positions of(Set<Integer> partitions, int born);
    }

    /** These partitions are this run's from now on; returns the position of each, from which to read. */
    Positions assigned(Set<Integer> partitions, Starts starts);

    /** These partitions go to another run after this call: what was read of them may be committed in it. */
    void revoked(Set<Integer> partitions);

    /** These partitions are another run's already: what was read of them and not committed is void. */
    void lost(Set<Integer> partitions);
}
