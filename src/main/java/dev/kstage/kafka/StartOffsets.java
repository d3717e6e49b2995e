package dev.kstage.kafka;

import dev.kstage.stage.Position;
import dev.kstage.stage.Positions;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where partitions start that nobody has a position for: by the start rule those that were there when
 * the sink was born, at their beginning those that were added since.
 */
final class StartOffsets {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final StartRule rule;
    private final ToLongFunction<TopicPartition> ends;

    /** @param ends the end of each partition as of the start of the run */
    StartOffsets(KafkaConsumer<byte[], byte[]> consumer, StartRule rule, ToLongFunction<TopicPartition> ends) {
        this.consumer = consumer;
        this.rule = rule;
        this.ends = ends;
    }

    Positions of(String topic, Set<Integer> partitions, int born) {
        Collection<TopicPartition> asked = new TreeSet<>((left, right) -> left.partition() - right.partition());
        partitions.forEach(partition -> asked.add(new TopicPartition(topic, partition)));
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(asked);
        Map<TopicPartition, @Nullable OffsetAndTimestamp> since = since(asked);
        Map<Integer, Position> starts = new HashMap<>();
        for (TopicPartition partition : asked) {
            long beginning = beginnings.getOrDefault(partition, 0L);
            long end = ends.applyAsLong(partition);
            long start = partition.partition() < born ? wanted(beginning, end, since.get(partition)) : beginning;
            starts.put(partition.partition(), Position.at(Math.min(Math.max(beginning, start), end)));
        }
        return Positions.of(starts);
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
