package dev.kstage.kafka.consumer;

import dev.kstage.kafka.client.KafkaFailures;
import dev.kstage.kafka.diagnosis.Coordinator;
import dev.kstage.kafka.reader.PositionMapper;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Commits offsets to Kafka for those who watch the lag of the group. The sink stores the offsets that count, so a
 * failed commit costs only a warning. The metadata of each commit holds the sink's id, so that one group does not
 * show the offsets of two sinks.
 */
final class OffsetReporter {
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final ConsumerGroup group;
    private final Coordinator coordinator;
    private final Consumer<String> warnings;
    private Positions pending = Positions.NONE;
    private Positions done = Positions.NONE;
    private long lastCommit = System.nanoTime();
    private boolean warned;

    OffsetReporter(
            KafkaConsumer<byte[], byte[]> consumer,
            String topic,
            ConsumerGroup group,
            Coordinator coordinator,
            Consumer<String> warnings) {
        this.consumer = consumer;
        this.topic = topic;
        this.group = group;
        this.coordinator = coordinator;
        this.warnings = warnings;
    }

    /** The committed offsets of the group; fails if they belong to another sink. */
    Positions read(Collection<TopicPartition> partitions) {
        Map<TopicPartition, @Nullable OffsetAndMetadata> committed = new HashMap<>();
        try {
            committed.putAll(consumer.committed(new HashSet<>(partitions)));
        } catch (KafkaException e) {
            if (group.resumes()) {
                coordinatorFault(e).ifPresent(fault -> {
                    throw fault.failure("cannot read the offsets of group " + group.group(), e);
                });
                throw e;
            }
            warn(e);
        }
        Map<Integer, Position> positions = new HashMap<>();
        for (Map.Entry<TopicPartition, @Nullable OffsetAndMetadata> each : committed.entrySet()) {
            OffsetAndMetadata offset = each.getValue();
            if (offset == null) {
                continue;
            }
            group.refuseOther(offset.metadata());
            positions.put(each.getKey().partition(), PositionMapper.position(offset));
        }
        return Positions.of(positions);
    }

    /** Notes positions to commit, and commits them if it is time. */
    void commit(Positions positions) {
        if (group.role() == ConsumerGroup.Role.OF_SINK) {
            return;
        }
        pending = pending.and(positions);
        sendIfDue();
    }

    /** Commits noted positions if the last commit was long enough ago; to be called with every poll. */
    void sendIfDue() {
        if (System.nanoTime() - lastCommit >= AT_MOST_EVERY.toNanos()
                && !pending.movedSince(done).isEmpty()) {
            lastCommit = System.nanoTime();
            Positions sent = pending;
            consumer.commitAsync(offsets(sent), (offsets, failure) -> {
                if (failure == null) {
                    done = done.and(sent);
                } else if (!(failure instanceof RetriableException) && !isOfRebalance(failure)) {
                    // The other errors are transient, and the commit is repeated.
                    warn(failure);
                }
            });
        }
    }

    /** Drops noted positions of partitions that were revoked from this run. */
    void forget(Set<Integer> partitions) {
        pending = pending.without(partitions);
        done = done.without(partitions);
    }

    /** Commits noted positions and waits: other workers need them, or the consumer is about to be closed. */
    void settle() {
        if (!pending.movedSince(done).isEmpty()) {
            try {
                consumer.commitSync(offsets(pending), PATIENCE);
                done = pending;
            } catch (KafkaException e) {
                if (group.resumes() || !isOfRebalance(e)) {
                    warn(e);
                }
            }
        }
    }

    private static boolean isOfRebalance(Exception failure) {
        return failure instanceof RebalanceInProgressException || failure instanceof StaleMemberEpochException;
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(Positions positions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        positions
                .byPartition()
                .forEach((partition, position) -> offsets.put(
                        new TopicPartition(topic, partition), PositionMapper.offset(position, group.metadata())));
        return offsets;
    }

    private void warn(Exception e) {
        if (!warned) {
            warned = true;
            warnings.accept("group " + group.group()
                    + (group.resumes()
                            ? " did not accept a commit, so records may be read again: "
                            : " does not show the progress of this run: ")
                    + reason(e));
        }
    }

    private String reason(Exception e) {
        return coordinatorFault(e).map(Coordinator.Fault::why).orElseGet(() -> KafkaFailures.reason(e));
    }

    private Optional<Coordinator.Fault> coordinatorFault(Exception e) {
        return e instanceof TimeoutException ? coordinator.fault() : Optional.empty();
    }
}
