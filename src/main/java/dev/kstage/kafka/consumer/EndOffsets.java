package dev.kstage.kafka.consumer;

import dev.kstage.record.Position;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** The end offsets of the partitions of a topic: as of the start of the run, and as last heard. */
final class EndOffsets {
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> endsAtStart = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, Long> highWatermarks = new HashMap<>();

    EndOffsets(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Takes these for the ends, and for those as of the start unless there are some already. */
    void begin(Map<TopicPartition, Long> now) {
        now.forEach(endsAtStart::putIfAbsent);
        are(now);
    }

    /** Takes these for the ends. */
    void are(Map<TopicPartition, Long> latest) {
        ends.putAll(latest);
    }

    Map<TopicPartition, Long> all() {
        return Collections.unmodifiableMap(ends);
    }

    /** The end of a partition, 0 if it is not known. */
    long of(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    /** The end of a partition as of the start, beyond every offset if it is not known. */
    long atStart(TopicPartition partition) {
        return endsAtStart.getOrDefault(partition, Long.MAX_VALUE);
    }

    /** Takes these for the high watermarks: a partition has as much with what waits behind an open transaction. */
    void reach(Map<TopicPartition, Long> latest) {
        highWatermarks.putAll(latest);
    }

    /** How many records lie before the high watermark, or before the end where that was not heard yet. */
    long lag(Map<TopicPartition, Position> positions) {
        long left = 0;
        for (Map.Entry<TopicPartition, Position> each : positions.entrySet()) {
            OptionalLong lag = consumer.paused().contains(each.getKey())
                    ? OptionalLong.empty()
                    : consumer.currentLag(each.getKey());
            // The client's figure is as old as its last fetch, and the ends may have been asked for since.
            long end = Math.max(of(each.getKey()), highWatermarks.getOrDefault(each.getKey(), 0L));
            left += Math.max(lag.orElse(0), Math.max(0, end - each.getValue().next()));
        }
        return left;
    }
}
