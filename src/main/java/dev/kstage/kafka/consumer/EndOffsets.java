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

    /** Sets the end offsets; those of the first call are also the end offsets as of the start. */
    void begin(Map<TopicPartition, Long> now) {
        now.forEach(endsAtStart::putIfAbsent);
        are(now);
    }

    /** Sets the end offsets. */
    void are(Map<TopicPartition, Long> latest) {
        ends.putAll(latest);
    }

    Map<TopicPartition, Long> all() {
        return Collections.unmodifiableMap(ends);
    }

    /** The end offset of a partition, or 0 if it is unknown. */
    long of(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    /** The end offset of a partition as of the start, or {@link Long#MAX_VALUE} if it is unknown. */
    long atStart(TopicPartition partition) {
        return endsAtStart.getOrDefault(partition, Long.MAX_VALUE);
    }

    /** Sets the high watermarks: the end offsets including records behind an open transaction. */
    void reach(Map<TopicPartition, Long> latest) {
        highWatermarks.putAll(latest);
    }

    /** The number of records up to the high watermark, or up to the end offset if the high watermark is unknown. */
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
