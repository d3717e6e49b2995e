package dev.kstage.kafka.admin;

import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A topic with its partitions and groups; the components are the keys of the JSON report.
 *
 * @param records records that can be read, at most
 * @param approximate whether {@code records} may be too high: compaction removes records and
 *     transactions write markers, and both leave offsets without a record
 * @param sizeBytes bytes on disk over all replicas; null where the broker does not tell
 * @param config what differs from the cluster's defaults
 * @param notes what could not be found out, and why
 */
public record TopicReport(
        String topic,
        String topicId,
        List<PartitionReport> partitions,
        long records,
        boolean approximate,
        @Nullable Long sizeBytes,
        SortedMap<String, String> config,
        List<GroupReport> groups,
        List<String> notes) {
    /**
     * A partition.
     *
     * @param leader the broker that leads it; null while it is offline
     * @param startOffset the first offset that can be read; null while it is offline
     * @param endOffset the offset after the last one; null while it is offline
     * @param records the distance between them
     * @param sizeBytes bytes on disk over all replicas; null where the broker does not tell
     */
    public record PartitionReport(
            int partition,
            @Nullable Integer leader,
            List<Integer> replicas,
            List<Integer> isr,
            @Nullable Long startOffset,
            @Nullable Long endOffset,
            long records,
            @Nullable Long sizeBytes) {
        public boolean isUnderReplicated() {
            return isr.size() < replicas.size();
        }
    }

    /**
     * A consumer group that has read the topic or is reading it.
     *
     * @param lag records between its offsets and the ends, for the partitions that it has offsets of; null
     *     if it has none
     * @param members how many members it has now
     */
    public record GroupReport(
            String group, String state, @Nullable Long lag, int members, List<GroupPartition> partitions) {
        /** The lag of all partitions that have one. */
        static @Nullable Long lagOf(List<GroupPartition> partitions) {
            return partitions.stream()
                    .map(GroupPartition::lag)
                    .filter(Objects::nonNull)
                    .reduce(Long::sum)
                    .orElse(null);
        }
    }

    /** How far a group has read a partition; null where it has no offset. */
    public record GroupPartition(
            int partition,
            @Nullable Long committedOffset,
            @Nullable Long lag,
            @Nullable String member) {}
}
