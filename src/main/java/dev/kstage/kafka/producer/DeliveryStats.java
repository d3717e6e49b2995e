package dev.kstage.kafka.producer;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many records a cluster acknowledged, and where they are.
 *
 * @param records records acknowledged
 * @param failed records that were not, however often they were tried
 * @param bytes bytes of their keys and values before compression
 * @param partitions where they went
 */
public record DeliveryStats(long records, long failed, long bytes, SortedMap<Integer, ToPartition> partitions) {
    /** The records of one partition: how many, and the offsets of the first and the last. */
    public record ToPartition(long records, long firstOffset, long lastOffset) {
        public ToPartition and(long offset) {
            return new ToPartition(records + 1, Math.min(firstOffset, offset), Math.max(lastOffset, offset));
        }

        public ToPartition and(ToPartition other) {
            return new ToPartition(
                    records + other.records,
                    Math.min(firstOffset, other.firstOffset),
                    Math.max(lastOffset, other.lastOffset));
        }
    }

    /** Nothing. */
    public static final DeliveryStats NONE = new DeliveryStats(0, 0, 0, Collections.emptySortedMap());

    public DeliveryStats and(DeliveryStats more) {
        SortedMap<Integer, ToPartition> all = new TreeMap<>(partitions);
        more.partitions.forEach((partition, to) -> all.merge(partition, to, ToPartition::and));
        return new DeliveryStats(records + more.records, failed + more.failed, bytes + more.bytes, all);
    }

    public DeliveryStats withoutPartitions() {
        return new DeliveryStats(records, failed, bytes, Collections.emptySortedMap());
    }
}
