package dev.kstage.kafka;

import dev.kstage.report.Meter;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The other workers of a group. One that has read its own share stays until they have read theirs, to
 * take over from one that dies: so when any of them has ended well, all of the topic is stored. It is
 * the group's offsets that show how far they are.
 */
final class Companions {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    // Longer than the session of a member that was killed lasts, which in a group of KIP-848 is 45 s.
    private static final Duration LONGEST_STANDSTILL = Duration.ofSeconds(60);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final GroupMark group;
    private final @Nullable CourtesyCommits courtesy;
    private final Meter meter;
    private Map<TopicPartition, Long> offsets = Map.of();
    private long lastLook = System.nanoTime() - LONGEST_STANDSTILL.toNanos();
    private long lastMove = System.nanoTime();
    private boolean atEnd;

    Companions(
            KafkaConsumer<byte[], byte[]> consumer, GroupMark group, @Nullable CourtesyCommits courtesy, Meter meter) {
        this.consumer = consumer;
        this.group = group;
        this.courtesy = courtesy;
        this.meter = meter;
    }

    /**
     * @param own the partitions of this run, which has read them
     * @param ends the ends of all partitions
     * @return whether the rest is read, or nobody has moved for so long that nobody will
     */
    boolean areAtEnd(Set<TopicPartition> own, Map<TopicPartition, Long> ends) {
        Collection<TopicPartition> others = new HashSet<>(ends.keySet());
        others.removeAll(own);
        if (others.isEmpty()) {
            return true;
        }
        if (System.nanoTime() - lastLook >= LOOK_EVERY.toNanos()) {
            if (System.nanoTime() - lastLook > LONGEST_STANDSTILL.toNanos() / 10) {
                // Not asked while this run had work of its own: the clock starts now.
                lastMove = System.nanoTime();
            }
            look(new HashSet<>(others));
            atEnd = others.stream().allMatch(each -> offsets.getOrDefault(each, 0L) >= ends.getOrDefault(each, 0L));
            meter.waitingFor(atEnd ? "" : own.isEmpty() ? group.waiting() : group.waitingForOthers());
            lastLook = System.nanoTime();
        }
        return atEnd || System.nanoTime() - lastMove > LONGEST_STANDSTILL.toNanos();
    }

    private void look(Set<TopicPartition> others) {
        if (courtesy != null) {
            // They look for this run's offsets in the same way.
            courtesy.settle();
        }
        try {
            Map<TopicPartition, Long> found = new HashMap<>();
            for (Map.Entry<TopicPartition, @Nullable OffsetAndMetadata> each :
                    consumer.committed(others, ANSWER_WITHIN).entrySet()) {
                OffsetAndMetadata committed = each.getValue();
                if (committed != null) {
                    found.put(each.getKey(), committed.offset());
                }
            }
            if (!found.equals(offsets)) {
                lastMove = System.nanoTime();
                offsets = found;
            }
        } catch (KafkaException e) {
            // Not known this time; whether anybody answers at all is watched elsewhere.
            return;
        }
    }
}
