package dev.kstage.kafka.consumer;

import dev.kstage.kafka.admin.OpenTransactions;
import dev.kstage.kafka.admin.PartitionOffsets;
import dev.kstage.kafka.admin.TopicIdentity;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.diagnosis.Coordinator;
import dev.kstage.kafka.diagnosis.FailureDiagnosis;
import dev.kstage.record.Origin;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.stage.Batch;
import dev.kstage.stage.CommitConflict;
import dev.kstage.stage.PartitionListener;
import dev.kstage.stage.RetriableFailure;
import dev.kstage.stage.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * The source of {@code consume}: all partitions of a topic, or those that a group assigns to this member. Only
 * committed transactions are read. If the offset to read does not exist any more, the run fails; no record is
 * skipped silently.
 */
public final class KafkaSource implements Source, GroupMember {
    private static final Duration LOOK_FOR_PARTITIONS_EVERY = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ClientSettings settings;
    private final Topic topic;
    private final boolean stopsAtEnd;
    private final StageProgress meter;
    private final @Nullable ConsumerGroup group;
    private final @Nullable OffsetReporter reporter;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final StartOffsets startOffsets;
    private final OutageDetector outageDetector;
    private final TopicIdentity identity;
    private final @Nullable GroupPeers peers;
    private final @Nullable JoinMonitor joinMonitor;
    private final EndOffsets ends;
    private final FetchPositions fetchPositions;
    private final PartitionAssignment assignment;
    private final TransactionWatch transactions;
    private long lastLookForPartitions = System.nanoTime();
    private boolean answeredWithoutRecords;

    /**
     * @param startRule where partitions start that nobody has a position for
     * @param stopsAtEnd whether to read no further than where the topic ended at the start
     * @param group the group of the run, or null for none
     * @param meter shows what the run waits for
     * @param warnings told what is wrong with the group, and of records that wait behind an open transaction, which
     *     does not stop a run
     */
    public KafkaSource(
            ClientSettings settings,
            Topic topic,
            StartRule startRule,
            boolean stopsAtEnd,
            @Nullable ConsumerGroup group,
            StageProgress meter,
            Consumer<String> warnings) {
        this.settings = settings;
        this.topic = topic;
        this.stopsAtEnd = stopsAtEnd;
        this.group = group;
        this.meter = meter;
        try {
            this.consumer = new KafkaConsumer<>(
                    group == null ? settings.consumer() : settings.consumer(group.group(), group.membership()));
        } catch (KafkaException e) {
            throw ClientSettings.refused(e);
        }
        this.reporter = group == null
                ? null
                : new OffsetReporter(consumer, topic.name(), group, group.coordinator(settings), warnings);
        this.ends = new EndOffsets(consumer);
        this.startOffsets = new StartOffsets(consumer, startRule, ends::atStart);
        this.identity = new TopicIdentity(settings, meter);
        this.outageDetector = new OutageDetector(
                new PartitionOffsets(identity::admin, PATIENCE)::ends, settings.bootstrapServers(), meter);
        this.fetchPositions = new FetchPositions(consumer, ends, stopsAtEnd);
        this.assignment = new PartitionAssignment(
                consumer,
                topic,
                group,
                reporter,
                startOffsets,
                fetchPositions,
                new PartitionOffsets(identity::admin, settings.timeout()),
                meter);
        this.transactions = new TransactionWatch(
                topic.name(),
                positions -> new OpenTransactions(identity.admin()).ask(positions),
                ends,
                warnings,
                System::nanoTime);
        if (group != null && assignment.isOfGroup()) {
            Coordinator coordinator = group.coordinator(settings);
            this.peers = new GroupPeers(consumer, group, reporter, coordinator::fault, meter, System::nanoTime);
            this.joinMonitor = new JoinMonitor(
                    group, settings.timeout().dividedBy(2), coordinator::fault, meter, System::nanoTime);
        } else {
            this.peers = null;
            this.joinMonitor = null;
        }
    }

    /** To be told, once, if the start rule does not decide where the run starts or where it says. */
    public void tellOfStart(Consumer<String> notes, Consumer<String> warnings) {
        startOffsets.tell(notes, warnings);
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(topic.name(), number);
    }

    @Override
    public Origin origin() {
        return new Origin(topic.name(), topic.id());
    }

    @Override
    public int partitions() {
        return topic.partitions();
    }

    @Override
    public void start(PartitionListener told) {
        assignment.tell(told);
        try {
            ends.begin(consumer.endOffsets(topic.all(), FailureDiagnosis.answerWithin(settings)));
            if (assignment.isOfGroup()) {
                meter.waitingFor(Objects.requireNonNull(group).waiting());
            }
            assignment.begin();
        } catch (KafkaException e) {
            throw failure(e);
        }
        outageDetector.answered();
    }

    @Override
    public void restart() {
        try {
            fetchPositions.clear();
            assignment.beginAgain();
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    @Override
    public Batch poll(int most, Duration wait) {
        try {
            if (reporter != null) {
                reporter.sendIfDue();
            }
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(wait);
            // As of this poll, which has told of everything lost before it: one asked for later might be of a
            // membership that has lost what this run still holds.
            assignment.noteMembership();
            if (joinMonitor != null) {
                joinMonitor.isMember(assignment.hasJoined());
            }
            List<Record> records = new ArrayList<>(Math.min(most, polled.count()));
            for (TopicPartition partition : polled.partitions()) {
                fetchPositions.take(partition, polled.records(partition), most - records.size(), records);
            }
            fetchPositions.passMarkers();
            takeNewPartitions();
            transactions.look(fetchPositions.positions());
            if (polled.isEmpty()) {
                askWhetherAnybodyAnswers();
            } else {
                outageDetector.answered();
                meter.waitingFor("");
                answeredWithoutRecords = false;
                if (peers != null) {
                    peers.startAnew();
                }
            }
            return new Batch(records, fetchPositions.snapshot());
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    @Override
    public ConsumerGroupMetadata groupAsOfPoll() {
        return assignment.membership();
    }

    /** Checks, if no records come, whether the cluster answers at all. */
    private void askWhetherAnybodyAnswers() {
        if (!isAssignmentAtEnd() && outageDetector.isQuestionDue()) {
            answers(Set.of());
        }
    }

    /**
     * Records that are there and do not come mean that fetching has not recovered yet; but if they don't
     * come all through a second idle time there are none: compaction can leave a gap before the end. A worker
     * that gets none while others are behind may have to take over from them.
     */
    @Override
    public boolean isIdle() {
        try {
            boolean answered = answers(peers == null ? Set.of() : topic.all());
            if (!answered || !areOthersAtEnd()) {
                answeredWithoutRecords = false;
                return false;
            }
        } catch (KafkaException e) {
            throw failure(e);
        }
        boolean quiet = fetchPositions.isAtEnd() || answeredWithoutRecords;
        answeredWithoutRecords = true;
        return quiet;
    }

    /** @param others the partitions to ask for beside those of this run */
    private boolean answers(Collection<TopicPartition> others) {
        Set<TopicPartition> asked = new HashSet<>(fetchPositions.partitions());
        asked.addAll(asked.isEmpty() ? topic.all() : others);
        Map<TopicPartition, Long> latest = outageDetector.ask(asked);
        if (!stopsAtEnd) {
            ends.are(latest);
        }
        if (!latest.isEmpty() && joinMonitor != null) {
            joinMonitor.look();
        }
        return !latest.isEmpty();
    }

    /** Partitions may be added while a run follows the topic; a member of a group is assigned them without this. */
    private void takeNewPartitions() {
        if (stopsAtEnd
                || assignment.isOfGroup()
                || System.nanoTime() - lastLookForPartitions < LOOK_FOR_PARTITIONS_EVERY.toNanos()) {
            return;
        }
        lastLookForPartitions = System.nanoTime();
        try {
            List<TopicPartition> all = consumer.partitionsFor(topic.name(), PATIENCE).stream()
                    .map(PartitionInfo::partition)
                    .map(this::partition)
                    .toList();
            List<TopicPartition> added = all.stream()
                    .filter(each -> !fetchPositions.partitions().contains(each))
                    .toList();
            if (!added.isEmpty()) {
                consumer.assign(all);
                assignment.onPartitionsAssigned(added);
            }
        } catch (TimeoutException e) {
            // Checked again next time; the outage detector watches whether the cluster answers.
            return;
        }
    }

    @Override
    public boolean isAtEnd() {
        return fetchPositions.isAtEnd() && (!stopsAtEnd || areOthersAtEnd());
    }

    private boolean areOthersAtEnd() {
        return peers == null || (assignment.isMember() && peers.areAtEnd(fetchPositions.partitions(), ends.all()));
    }

    @Override
    public boolean isAssignmentAtEnd() {
        return fetchPositions.isAssignmentAtEnd();
    }

    @Override
    public long lag() {
        return joinMonitor != null && !assignment.hasJoined() ? StageProgress.UNKNOWN : fetchPositions.lag();
    }

    @Override
    public long lagAtEnd() {
        if (joinMonitor == null || assignment.hasJoined()) {
            transactions.lookAtEnd(fetchPositions.positions(), PATIENCE);
        }
        return lag();
    }

    @Override
    public boolean isConfirmed(BooleanSupplier giveUp) {
        return identity.confirm(List.of(topic), giveUp);
    }

    @Override
    public void onCommitted(Positions stored) {
        if (reporter != null) {
            reporter.commit(stored);
        }
    }

    private RuntimeException failure(KafkaException e) {
        // The client wraps what a rebalance callback throws.
        Throwable cause = e.getCause();
        if (cause instanceof Failure || cause instanceof CommitConflict || cause instanceof RetriableFailure) {
            return (RuntimeException) cause;
        }
        if (e instanceof LogTruncationException || e instanceof OffsetOutOfRangeException) {
            // If the topic was deleted and recreated, that is the reason.
            identity.confirm(List.of(topic), () -> true);
        }
        if (e instanceof LogTruncationException truncation) {
            return OffsetGap.cut(
                    truncation.offsetOutOfRangePartitions().keySet().iterator().next());
        }
        if (e instanceof OffsetOutOfRangeException out) {
            TopicPartition partition =
                    out.offsetOutOfRangePartitions().keySet().iterator().next();
            return OffsetGap.gone(
                    consumer, partition, fetchPositions.position(partition).next());
        }
        if (e instanceof UnsupportedVersionException && group != null && group.isOfConsumerProtocol()) {
            return new Failure(
                    Failure.Kind.USAGE,
                    "cannot use --group-protocol consumer",
                    "the cluster is older than Kafka 4.0, or the groups of KIP-848 are disabled",
                    "omit this option, or use a cluster of Kafka 4.0 or newer with group.version 1",
                    e);
        }
        return FailureDiagnosis.of("cannot read topic " + topic.name(), e, settings);
    }

    @Override
    public void close() {
        if (reporter != null) {
            reporter.settle();
        }
        identity.close();
        // Without this a static member stays in the group, and others wait for its partitions until its session ends.
        consumer.close(
                CloseOptions.timeout(PATIENCE).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    }
}
