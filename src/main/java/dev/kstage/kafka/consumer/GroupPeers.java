package dev.kstage.kafka.consumer;

import dev.kstage.kafka.diagnosis.Coordinator;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.report.Text;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The other workers of a group. A worker that has read its partitions waits until the others have read theirs, to
 * take over from a worker that dies. So exit code 0 of any worker means that all of the topic is stored. The
 * committed offsets of the group show how far they are.
 */
final class GroupPeers {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    // Longer than a healthy worker needs for a commit, and longer than the session of a killed worker.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Consumer<byte[], byte[]> consumer;
    private final ConsumerGroup group;
    private final @Nullable OffsetReporter reporter;
    private final Supplier<Optional<Coordinator.Fault>> coordinator;
    private final StageProgress meter;
    private final LongSupplier clock;
    private final Duration longestStandstill;
    private Map<TopicPartition, Long> offsets = Map.of();
    private long lastLook;
    private long lastMove;
    private boolean isNew = true;
    private Optional<Coordinator.Fault> fault = Optional.empty();

    GroupPeers(
            Consumer<byte[], byte[]> consumer,
            ConsumerGroup group,
            @Nullable OffsetReporter reporter,
            Supplier<Optional<Coordinator.Fault>> coordinator,
            StageProgress meter,
            LongSupplier clock) {
        this.consumer = consumer;
        this.group = group;
        this.reporter = reporter;
        this.coordinator = coordinator;
        this.meter = meter;
        this.clock = clock;
        this.longestStandstill = group.membership() == null
                ? PATIENCE
                : PATIENCE.plus(group.membership().commitInterval());
        this.lastLook = clock.getAsLong() - LOOK_EVERY.toNanos();
    }

    /**
     * @param own the partitions of this run, which has read them
     * @param ends the ends of all partitions
     * @return whether the others have read their partitions
     * @throws Failure if their committed offsets have not changed for a long time
     */
    boolean areAtEnd(Set<TopicPartition> own, Map<TopicPartition, Long> ends) {
        Collection<TopicPartition> others = new HashSet<>(ends.keySet());
        others.removeAll(own);
        if (others.isEmpty()) {
            return true;
        }
        if (clock.getAsLong() - lastLook >= LOOK_EVERY.toNanos()) {
            if (isNew) {
                isNew = false;
                lastMove = clock.getAsLong();
            }
            look(new HashSet<>(others));
            lastLook = clock.getAsLong();
        }
        boolean atEnd = others.stream().allMatch(each -> offsets.getOrDefault(each, 0L) >= ends.getOrDefault(each, 0L));
        meter.waitingFor(atEnd ? "" : waiting(own.isEmpty()));
        if (!atEnd && clock.getAsLong() - lastMove > longestStandstill.toNanos()) {
            throw standstill();
        }
        return atEnd;
    }

    private String waiting(boolean hasNothing) {
        return fault.map(Coordinator.Fault::why)
                .orElseGet(() -> hasNothing ? group.waiting() : group.waitingForOthers());
    }

    private Failure standstill() {
        return fault.map(found -> found.failure(
                        "cannot see whether other workers of group " + group.group() + " have stored their partitions",
                        null))
                .orElseGet(
                        () -> new Failure(
                                Failure.Kind.TEMPORARY,
                                "other workers of group " + group.group() + " have not stored their partitions",
                                "their committed offsets have not changed for " + Text.duration(longestStandstill),
                                "check those workers, then run the same command again; everything that this worker read is stored"));
    }

    /** Starts to watch the others anew, because this run has read records meanwhile. */
    void startAnew() {
        isNew = true;
    }

    private void look(Set<TopicPartition> others) {
        if (reporter != null) {
            // The others wait for this run's offsets in the same way.
            reporter.settle();
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
                lastMove = clock.getAsLong();
                offsets = found;
            }
            fault = Optional.empty();
        } catch (KafkaException e) {
            // Unknown this time; if it stays unknown, the others count as not moving.
            fault = e instanceof TimeoutException ? coordinator.get() : Optional.empty();
        }
    }
}
