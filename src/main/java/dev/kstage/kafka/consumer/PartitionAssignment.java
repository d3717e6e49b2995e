package dev.kstage.kafka.consumer;

import dev.kstage.kafka.admin.PartitionOffsets;
import dev.kstage.kafka.client.Topic;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.report.StageProgress;
import dev.kstage.stage.PartitionListener;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of this run, and its membership of a group. A run either assigns all partitions to itself, or
 * subscribes to the topic as a member; then the group calls back during polls, in the thread of the run.
 */
final class PartitionAssignment implements ConsumerRebalanceListener {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Topic topic;
    private final @Nullable ConsumerGroup group;
    private final @Nullable OffsetReporter reporter;
    private final StartOffsets startOffsets;
    private final FetchPositions fetchPositions;
    private final PartitionOffsets offsets;
    private final StageProgress meter;
    private @Nullable PartitionListener listener;
    private boolean hasJoined;
    private @Nullable ConsumerGroupMetadata asOfPoll;

    PartitionAssignment(
            KafkaConsumer<byte[], byte[]> consumer,
            Topic topic,
            @Nullable ConsumerGroup group,
            @Nullable OffsetReporter reporter,
            StartOffsets startOffsets,
            FetchPositions fetchPositions,
            PartitionOffsets offsets,
            StageProgress meter) {
        this.consumer = consumer;
        this.topic = topic;
        this.group = group;
        this.reporter = reporter;
        this.startOffsets = startOffsets;
        this.fetchPositions = fetchPositions;
        this.offsets = offsets;
        this.meter = meter;
    }

    /** Sets the listener; to be called before {@link #begin}. */
    void tell(PartitionListener told) {
        listener = told;
    }

    private boolean isOfSink() {
        return group != null && group.role() == ConsumerGroup.Role.OF_SINK;
    }

    /** Whether a group assigns the partitions. */
    boolean isOfGroup() {
        return group != null && group.membership() != null;
    }

    /** Takes partitions, for the first time or again: each of them is assigned by a callback. */
    void begin() {
        hasJoined = false;
        if (isOfGroup()) {
            // Leaves the group first: after a commit conflict the client may be no member any more without knowing it.
            consumer.unsubscribe();
            consumer.subscribe(List.of(topic.name()), this);
        } else {
            consumer.assign(topic.all());
            onPartitionsAssigned(topic.all());
        }
    }

    /** Begins again after a failed commit; a member stays one if its sink proves the membership with each commit. */
    void beginAgain() {
        if (isOfSink() && isMember() && !consumer.assignment().isEmpty()) {
            onPartitionsAssigned(consumer.assignment());
        } else {
            begin();
        }
    }

    /** Whether the client takes this run for a member; the classic client does so even after it was expelled. */
    boolean isMember() {
        return consumer.groupMetadata().generationId() >= 0;
    }

    /** Whether the group has assigned partitions to this run, be it none, since it began. */
    boolean hasJoined() {
        boolean isOfBroker = group != null && group.isOfConsumerProtocol();
        return hasJoined || (isOfBroker && isMember());
    }

    /** Remembers the membership of the current poll. */
    void noteMembership() {
        asOfPoll = isOfGroup() ? consumer.groupMetadata() : null;
    }

    /** The membership as of the last poll. */
    ConsumerGroupMetadata membership() {
        return asOfPoll == null ? consumer.groupMetadata() : asOfPoll;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        hasJoined = true;
        if (partitions.isEmpty()) {
            return;
        }
        meter.waitingFor("");
        noteMembership();
        Positions committed = reporter == null || isOfSink() ? Positions.NONE : reporter.read(partitions);
        Positions known = listener()
                .assigned(
                        numbers(partitions),
                        (missing, initialPartitions) -> starts(committed, missing, initialPartitions));
        startOffsets.noteIfIgnored(numbers(partitions));
        Map<TopicPartition, Long> beginnings = offsets.beginnings(partitions);
        // Asked again: another run of the group may have read more since this one started.
        Map<TopicPartition, Long> endsByNow = offsets.ends(partitions);
        for (TopicPartition partition : partitions) {
            Position position = Objects.requireNonNull(known.of(partition.partition()));
            OffsetGap.refuse(
                    partition,
                    position.next(),
                    beginnings.getOrDefault(partition, 0L),
                    endsByNow.getOrDefault(partition, Long.MAX_VALUE));
            fetchPositions.seek(partition, position);
        }
        if (reporter != null) {
            reporter.commit(known);
        }
    }

    /** The committed offsets if they are the position, else offsets by the start rule. */
    private Positions starts(Positions committed, Set<Integer> missing, int initialPartitions) {
        Positions known = group != null && group.resumes() ? committed.within(missing) : Positions.NONE;
        Set<Integer> unknown = new HashSet<>(missing);
        unknown.removeAll(known.byPartition().keySet());
        return unknown.isEmpty()
                ? known
                : known.and(startOffsets.of(topic.name(), unknown, known.isEmpty() ? initialPartitions : 0));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        // In a newer generation of the group, these partitions still belong to this run until this method returns.
        noteMembership();
        listener().revoked(numbers(partitions));
        if (reporter != null) {
            reporter.settle();
        }
        forget(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        hasJoined = false;
        listener().lost(numbers(partitions));
        forget(partitions);
    }

    private void forget(Collection<TopicPartition> partitions) {
        fetchPositions.forget(partitions);
        if (reporter != null) {
            reporter.forget(numbers(partitions));
        }
    }

    private PartitionListener listener() {
        return Objects.requireNonNull(listener, "set by start");
    }

    private Set<Integer> numbers(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).collect(Collectors.toSet());
    }
}
