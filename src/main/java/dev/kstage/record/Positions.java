package dev.kstage.record;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How far each partition of a source has been read. A partition without an entry was never read. */
public record Positions(SortedMap<Integer, Position> byPartition) {
    /** No partition was read yet. */
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

    public boolean isEmpty() {
        return byPartition.isEmpty();
    }

    /** These positions, replaced by those of {@code others} where both have the partition. */
    public Positions and(Positions others) {
        SortedMap<Integer, Position> both = new TreeMap<>(byPartition);
        both.putAll(others.byPartition);
        return new Positions(both);
    }

    /** These positions without some partitions. */
    public Positions without(Set<Integer> partitions) {
        SortedMap<Integer, Position> rest = new TreeMap<>(byPartition);
        rest.keySet().removeAll(partitions);
        return new Positions(rest);
    }

    /** The positions of these partitions only. */
    public Positions within(Set<Integer> partitions) {
        SortedMap<Integer, Position> kept = new TreeMap<>(byPartition);
        kept.keySet().retainAll(partitions);
        return new Positions(kept);
    }

    /** The positions that differ from {@code before}. */
    public Positions movedSince(Positions before) {
        SortedMap<Integer, Position> moved = new TreeMap<>(byPartition);
        moved.entrySet().removeIf(each -> each.getValue().equals(before.of(each.getKey())));
        return new Positions(moved);
    }
}
