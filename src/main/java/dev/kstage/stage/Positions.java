package dev.kstage.stage;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How far each partition of a source has been read; a partition without an entry was never read. */
public record Positions(SortedMap<Integer, Position> byPartition) {
    /** Nothing was read yet. */
    public static final Positions NONE = new Positions(Collections.emptySortedMap());

    public Positions {
        byPartition = Collections.unmodifiableSortedMap(new TreeMap<>(byPartition));
    }

    /** Positions from a map of any order. */
    public static Positions of(Map<Integer, Position> byPartition) {
        return new Positions(new TreeMap<>(byPartition));
    }

    /** The position of a partition, or null if it was never read. */
    public @Nullable Position of(int partition) {
        return byPartition.get(partition);
    }

    /** The next offset of each partition. */
    public SortedMap<Integer, Long> next() {
        SortedMap<Integer, Long> next = new TreeMap<>();
        byPartition.forEach((partition, position) -> next.put(partition, position.next()));
        return next;
    }
}
