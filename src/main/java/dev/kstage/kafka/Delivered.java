package dev.kstage.kafka;

import java.util.SortedMap;

/**
 * What a cluster acknowledged.
 *
 * @param records records acknowledged
 * @param failed records that were not, however often they were tried
 * @param bytes bytes of their keys and values before compression
 * @param partitions where they went
 */
public record Delivered(long records, long failed, long bytes, SortedMap<Integer, ToPartition> partitions) {
    /** The records of one partition: how many, and the offsets of the first and the last. */
    public record ToPartition(long records, long firstOffset, long lastOffset) {
        ToPartition and(long offset) {
            return new ToPartition(records + 1, Math.min(firstOffset, offset), Math.max(lastOffset, offset));
        }
    }
}
