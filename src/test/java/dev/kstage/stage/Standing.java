package dev.kstage.stage;

import dev.kstage.record.Positions;
import java.util.HashSet;
import java.util.Set;

/** Claims of a run whose sink stands where it is told to, and writes down the positions that come out. */
public final class Standing implements PartitionListener {
    private final Positions stored;

    private Positions claimed = Positions.NONE;

    private Standing(Positions stored) {
        this.stored = stored;
    }

    /** A sink with these positions. */
    public static Standing at(Positions stored) {
        return new Standing(stored);
    }

    /** A sink that was just born. */
    public static Standing atCreation() {
        return new Standing(Positions.NONE);
    }

    /** The positions that the last claim gave. */
    public Positions claimed() {
        return claimed;
    }

    @Override
    public Positions assigned(Set<Integer> partitions, Starts starts) {
        Positions known = stored.within(partitions);
        Set<Integer> unknown = new HashSet<>(partitions);
        unknown.removeAll(known.byPartition().keySet());
        claimed = unknown.isEmpty() ? known : known.and(starts.of(unknown, partitions.size()));
        return claimed;
    }

    @Override
    public void revoked(Set<Integer> partitions) {}

    @Override
    public void lost(Set<Integer> partitions) {}
}
