package dev.kstage.kafka.consumer;

import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Start offsets of partitions without a stored position. The start rule applies to partitions that existed when the
 * sink was created; partitions that were added later start at their beginning.
 */
final class StartOffsets {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final StartRule rule;
    private final ToLongFunction<TopicPartition> ends;
    private final Set<Integer> ruled = new HashSet<>();
    private @Nullable Consumer<String> notes;
    private @Nullable Consumer<String> warnings;

    /** @param ends the end of each partition as of the start of the run */
    StartOffsets(KafkaConsumer<byte[], byte[]> consumer, StartRule rule, ToLongFunction<TopicPartition> ends) {
        this.consumer = consumer;
        this.rule = rule;
        this.ends = ends;
    }

    /**
     * To be told, once, if the rule does not mean what a user may think.
     *
     * @param noted told that it does not count
     * @param warned told that nothing is there to begin with
     */
    void tell(Consumer<String> noted, Consumer<String> warned) {
        notes = noted;
        warnings = warned;
    }

    /** To be called after the start offsets of these partitions are known. */
    void noteIfIgnored(Set<Integer> partitions) {
        if (notes != null && !ruled.containsAll(partitions)) {
            notes.accept("--from is ignored: this run resumes at the stored offsets");
        }
        notes = null;
        warnings = null;
    }

    private void warnIfBeyond(Map<TopicPartition, Long> beyond) {
        if (warnings != null && !beyond.isEmpty()) {
            String where = rule instanceof StartRule.Since ? "after the last record" : "beyond the end";
            warnings.accept("--from is " + where + ", so only new records are read, in partition "
                    + beyond.entrySet().stream()
                            .map(each -> each.getKey().partition() + " (end " + each.getValue() + ")")
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
    }

    Positions of(String topic, Set<Integer> partitions, int initialPartitions) {
        Collection<TopicPartition> asked = new TreeSet<>((left, right) -> left.partition() - right.partition());
        partitions.forEach(partition -> asked.add(new TopicPartition(topic, partition)));
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(asked);
        Map<TopicPartition, @Nullable OffsetAndTimestamp> since = since(asked);
        Map<Integer, Position> starts = new HashMap<>();
        Map<TopicPartition, Long> beyond = new HashMap<>();
        ruled.addAll(partitions);
        for (TopicPartition partition : asked) {
            long beginning = beginnings.getOrDefault(partition, 0L);
            long end = ends.applyAsLong(partition);
            long start = partition.partition() < initialPartitions
                    ? wanted(beginning, end, since.get(partition))
                    : beginning;
            if (start > end) {
                beyond.put(partition, end);
            }
            starts.put(partition.partition(), Position.at(Math.min(Math.max(beginning, start), end)));
        }
        if (isAfterAll(asked, since, beginnings)) {
            asked.forEach(partition -> beyond.put(partition, ends.applyAsLong(partition)));
        }
        warnIfBeyond(beyond);
        return Positions.of(starts);
    }

    /** Whether the topic has records, but none at or after the given time. */
    private boolean isAfterAll(
            Collection<TopicPartition> asked,
            Map<TopicPartition, @Nullable OffsetAndTimestamp> since,
            Map<TopicPartition, Long> beginnings) {
        return rule instanceof StartRule.Since
                && asked.stream().allMatch(partition -> since.get(partition) == null)
                && asked.stream()
                        .anyMatch(partition -> beginnings.getOrDefault(partition, 0L) < ends.applyAsLong(partition));
    }

    private Map<TopicPartition, @Nullable OffsetAndTimestamp> since(Collection<TopicPartition> asked) {
        Map<TopicPartition, @Nullable OffsetAndTimestamp> found = new HashMap<>();
        if (rule instanceof StartRule.Since since) {
            Map<TopicPartition, Long> times = new HashMap<>();
            asked.forEach(partition -> times.put(partition, since.time().toEpochMilli()));
            found.putAll(consumer.offsetsForTimes(times));
        }
        return found;
    }

    private long wanted(long beginning, long end, @Nullable OffsetAndTimestamp since) {
        if (rule instanceof StartRule.Latest) {
            return end;
        }
        if (rule instanceof StartRule.AtOffset at) {
            return at.offset();
        }
        if (rule instanceof StartRule.Last last) {
            return end - last.records();
        }
        if (rule instanceof StartRule.Since) {
            return since == null ? end : since.offset();
        }
        return beginning;
    }
}
