package dev.kstage.kafka;

import dev.kstage.stage.Position;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Where the partitions of a topic end: as of the start of a run, or as was last heard. */
final class Ends {
    private final Consumer<byte[], byte[]> consumer;
    private final Duration patience;
    private final Map<TopicPartition, Long> endsAtStart = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, Long> endsNow = new HashMap<>();
    private boolean askedAtEnd;

    /** @param patience how long to wait for an answer about what has come since */
    Ends(Consumer<byte[], byte[]> consumer, Duration patience) {
        this.consumer = consumer;
        this.patience = patience;
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

    /**
     * How many records lie before the end.
     *
     * @param isRead whether all was read that was there at the start: then what has come since counts
     */
    long left(Map<TopicPartition, Position> positions, boolean isRead) {
        if (isRead && !askedAtEnd) {
            askedAtEnd = true;
            ask(positions.keySet());
        }
        long left = 0;
        for (Map.Entry<TopicPartition, Position> each : positions.entrySet()) {
            OptionalLong lag = consumer.paused().contains(each.getKey())
                    ? OptionalLong.empty()
                    : consumer.currentLag(each.getKey());
            // The client's figure is as old as its last fetch, and the ends may have been asked for since.
            long end = endsNow.getOrDefault(each.getKey(), of(each.getKey()));
            left += Math.max(lag.orElse(0), Math.max(0, end - each.getValue().next()));
        }
        return left;
    }

    private void ask(Collection<TopicPartition> partitions) {
        try {
            endsNow.putAll(consumer.endOffsets(partitions, patience));
        } catch (KafkaException e) {
            // Then the ends as of the start are the best that is known.
            endsNow.putAll(ends);
        }
    }
}
