package dev.kstage.kafka.consumer;

import dev.kstage.kafka.reader.ConsumerRecordMapper;
import dev.kstage.kafka.reader.PositionMapper;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** The position of this run in each of its partitions, in step with the consumer that reads them. */
final class FetchPositions {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final EndOffsets ends;
    private final boolean stopsAtEnd;
    private final Map<TopicPartition, Position> positions = new HashMap<>();

    /** @param stopsAtEnd whether to read no further than the ends */
    FetchPositions(KafkaConsumer<byte[], byte[]> consumer, EndOffsets ends, boolean stopsAtEnd) {
        this.consumer = consumer;
        this.ends = ends;
        this.stopsAtEnd = stopsAtEnd;
    }

    /** The partitions of this run. */
    Set<TopicPartition> partitions() {
        return Collections.unmodifiableSet(positions.keySet());
    }

    /** The position of each partition. */
    Map<TopicPartition, Position> positions() {
        return Collections.unmodifiableMap(positions);
    }

    Position position(TopicPartition partition) {
        return positions.getOrDefault(partition, Position.at(0));
    }

    void seek(TopicPartition partition, Position position) {
        positions.put(partition, position);
        consumer.seek(partition, PositionMapper.offset(position, ""));
    }

    /** Adds at most {@code most} of the polled records of a partition. */
    void take(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> polled, int most, List<Record> into) {
        long end = stopsAtEnd ? ends.of(partition) : Long.MAX_VALUE;
        int wanted = 0;
        while (wanted < polled.size() && wanted < most && polled.get(wanted).offset() < end) {
            into.add(ConsumerRecordMapper.record(polled.get(wanted)));
            wanted++;
        }
        if (wanted < polled.size()) {
            // The rest of this poll is fetched again when it is needed.
            ConsumerRecord<byte[], byte[]> next = polled.get(wanted);
            seek(partition, ConsumerRecordMapper.at(next));
        } else {
            ConsumerRecord<byte[], byte[]> last = polled.get(wanted - 1);
            positions.put(partition, ConsumerRecordMapper.after(last));
        }
    }

    /** Moves the positions past offsets without a readable record, up to where the client has read. */
    void passMarkers() {
        positions.keySet().forEach(this::passMarkers);
    }

    private void passMarkers(TopicPartition partition) {
        if (stopsAtEnd && position(partition).next() >= ends.of(partition)) {
            if (!consumer.paused().contains(partition)) {
                consumer.pause(List.of(partition));
            }
            return;
        }
        try {
            long next = consumer.position(partition, Duration.ZERO);
            if (next > position(partition).next()) {
                // What lies between may be of a later leader than the last record: with that one's epoch the
                // position would look like one in a truncated log.
                positions.put(partition, Position.at(next));
            }
        } catch (TimeoutException e) {
            // The client is checking it against a new leader; the position known before still holds.
            return;
        }
    }

    /** The number of records that are left to read. */
    long lag() {
        return ends.lag(positions);
    }

    /** Whether the run stops at the end, and has read all its partitions up to there. */
    boolean isAssignmentAtEnd() {
        return stopsAtEnd && !positions.isEmpty() && isAtEnd();
    }

    /** Whether all partitions are read to the end. */
    boolean isAtEnd() {
        return positions.entrySet().stream().allMatch(each -> each.getValue().next() >= ends.of(each.getKey()));
    }

    /** A copy of the positions as they are now. */
    Positions snapshot() {
        Map<Integer, Position> snapshot = new HashMap<>();
        positions.forEach((partition, position) -> snapshot.put(partition.partition(), position));
        return Positions.of(snapshot);
    }

    void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(positions::remove);
    }

    /** Removes all positions, and resumes partitions that were paused at their end. */
    void clear() {
        positions.clear();
        consumer.resume(consumer.paused());
    }
}
