package dev.kstage.kafka.consumer;

import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.report.StageProgress;
import dev.kstage.stage.PartitionListener;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Partitions as they come and go, in the thread of the run, when it starts and while it polls. */
final class PartitionAssignment implements Subscription.Holder {
    private static final int MOST_STUMBLES = 20;
    private static final Duration BETWEEN_STUMBLES = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final @Nullable ConsumerGroup group;
    private final @Nullable OffsetReporter reporter;
    private final StartOffsets startOffsets;
    private final FetchPositions fetchPositions;
    private final StageProgress meter;
    private @Nullable PartitionListener listener;
    private boolean hasJoined;
    private @Nullable ConsumerGroupMetadata asOfPoll;

    PartitionAssignment(
            KafkaConsumer<byte[], byte[]> consumer,
            String topic,
            @Nullable ConsumerGroup group,
            @Nullable OffsetReporter reporter,
            StartOffsets startOffsets,
            FetchPositions fetchPositions,
            StageProgress meter) {
        this.consumer = consumer;
        this.topic = topic;
        this.group = group;
        this.reporter = reporter;
        this.startOffsets = startOffsets;
        this.fetchPositions = fetchPositions;
        this.meter = meter;
    }

    /** To be called before any partition comes. */
    void tell(PartitionListener told) {
        listener = told;
    }

    boolean isOfSink() {
        return group != null && group.role() == ConsumerGroup.Role.OF_SINK;
    }

    /** Whether the partitions are parted among the members of a group. */
    boolean isOfGroup() {
        return group != null && group.membership() != null;
    }

    /** To be called before it joins, for the first time or again. */
    void joins() {
        hasJoined = false;
    }

    /** Whether it is a member, with partitions or without: the classic client takes itself for one ever after. */
    boolean hasJoined() {
        boolean isOfBroker = group != null && group.isOfConsumerProtocol();
        return hasJoined || (isOfBroker && consumer.groupMetadata().generationId() >= 0);
    }

    /** Remembers which membership it is that polls now. */
    void noteMembership() {
        asOfPoll = isOfGroup() ? consumer.groupMetadata() : null;
    }

    /** The membership as of the last poll. */
    ConsumerGroupMetadata membership() {
        return asOfPoll == null ? consumer.groupMetadata() : asOfPoll;
    }

    @Override
    public void assigned(Collection<TopicPartition> partitions) {
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
        Map<TopicPartition, Long> beginnings = answered(() -> consumer.beginningOffsets(partitions));
        // Asked for again: another run of the group may have read on since this one started.
        Map<TopicPartition, Long> endsByNow = answered(() -> consumer.endOffsets(partitions));
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

    /**
     * The client stumbles when its metadata is renewed between two looks at a leader, as happens while
     * partitions come and go: then it is asked again.
     */
    private Map<TopicPartition, Long> answered(Supplier<Map<TopicPartition, Long>> question) {
        for (int stumbles = 0; stumbles < MOST_STUMBLES; stumbles++) {
            try {
                return question.get();
            } catch (NullPointerException e) {
                LockSupport.parkNanos(BETWEEN_STUMBLES.toNanos());
            }
        }
        return question.get();
    }

    /** Where the group stands if it has the position, else by the rule. */
    private Positions starts(Positions committed, Set<Integer> missing, int initialPartitions) {
        Positions known = group != null && group.resumes() ? committed.within(missing) : Positions.NONE;
        Set<Integer> unknown = new HashSet<>(missing);
        unknown.removeAll(known.byPartition().keySet());
        return unknown.isEmpty()
                ? known
                : known.and(startOffsets.of(topic, unknown, known.isEmpty() ? initialPartitions : 0));
    }

    @Override
    public void revoked(Collection<TopicPartition> partitions) {
        // The group may be a generation further, in which these are still this run's until this returns.
        noteMembership();
        listener().revoked(numbers(partitions));
        if (reporter != null) {
            reporter.settle();
        }
        forget(partitions);
    }

    @Override
    public void lost(Collection<TopicPartition> partitions) {
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
