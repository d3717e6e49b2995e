package dev.kstage.kafka.exactlyonce;

import dev.kstage.kafka.admin.TopicIdentity;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.ClusterNames;
import dev.kstage.kafka.client.GroupMembership;
import dev.kstage.kafka.client.KafkaFailures;
import dev.kstage.kafka.client.OffsetMetadata;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.consumer.ConsumerGroup;
import dev.kstage.kafka.consumer.GroupMember;
import dev.kstage.kafka.producer.JavaPartitioner;
import dev.kstage.kafka.producer.ProducerRecordMapper;
import dev.kstage.kafka.producer.RecordRules;
import dev.kstage.kafka.reader.DeadLetterHeaders;
import dev.kstage.kafka.reader.PositionMapper;
import dev.kstage.kafka.transaction.GroupOffsets;
import dev.kstage.kafka.transaction.Transactions;
import dev.kstage.record.DeadLetter;
import dev.kstage.record.Header;
import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.stage.CommitConflict;
import dev.kstage.stage.Results;
import dev.kstage.stage.RetriableFailure;
import dev.kstage.stage.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A sink that stores in another topic. A transaction holds the records, the dead-letter records and the offsets of
 * the group, which are the position. It is sent with the membership of the group, so a worker that has lost its
 * partitions can't commit any more.
 */
public final class TopicSink implements Sink {
    /** The location of a record in the source. */
    private record RecordLocation(int partition, long offset) {
        static RecordLocation of(Record record) {
            return new RecordLocation(record.partition(), record.offset());
        }
    }

    /** The steps at which a test can halt, pause or fail the process. */
    public static final List<String> FAILPOINTS =
            Transactions.failpoints("topic").toList();

    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
    private static final long COMMIT_BYTES = 16 << 20;

    /**
     * Limits of the topics, known before the sink is opened.
     *
     * @param target what the topic of the results takes
     * @param largestRecord the largest record that may be sent to either topic, in bytes
     * @param largestBatch the largest batch of several records that both topics take, in bytes
     */
    public record Limits(RecordRules target, OptionalInt largestRecord, OptionalInt largestBatch) {}

    private final Topic target;
    private final Supplier<Topic> deadLetters;
    private final RecordRules rules;
    private final boolean hasDeadLetters;
    private final ConsumerGroup group;
    private final GroupMember member;
    private final Transactions transactions;
    private final GroupOffsets offsets;
    private final TopicIdentity identity;
    private final BooleanSupplier interrupted;
    private @Nullable Topic deadLetterTopic;
    private String from = "";
    private String mark = "";
    private int fromPartitions;
    private long refusedHere;
    // Whether rejected records are identified, which costs an object per record.
    private boolean isCareful;
    // Written by the client's own thread.
    private final Map<RecordLocation, String> refusedByCluster = new ConcurrentHashMap<>();
    private volatile @Nullable Failure refusedLetter;
    private int rejectedBefore;
    private long refused;
    private int initialPartitions;
    private Positions begun = Positions.NONE;

    /**
     * @param member the source of the records; closed after this sink
     * @param target where results go
     * @param deadLetterName the topic of the dead-letter records, whether it exists or not; null for none
     * @param deadLetters gives that topic for the first dead-letter record
     * @param limits of what is sent
     * @param group with the role {@link ConsumerGroup.Role#OF_SINK}, and the id of the target as the sink's
     * @param meter shows what the run waits for
     * @param interrupted asked while waiting: true ends it after a moment
     */
    public TopicSink(
            ClientSettings settings,
            GroupMember member,
            Topic target,
            @Nullable String deadLetterName,
            Supplier<Topic> deadLetters,
            Limits limits,
            ConsumerGroup group,
            StageProgress meter,
            BooleanSupplier interrupted) {
        this.member = member;
        this.target = target;
        this.deadLetters = deadLetters;
        this.group = group;
        Map<String, Object> configuration =
                settings.transactions(transactionalId(group), Transactions.TIMEOUT, null, limits.largestRecord());
        limits.largestBatch().ifPresent(limit -> ClientSettings.limitBatches(configuration, limit));
        this.rules = limits.target().sentBy(configuration);
        this.hasDeadLetters = deadLetterName != null;
        this.transactions = new Transactions(
                settings,
                configuration,
                deadLetterName == null ? List.of(target.name()) : List.of(target.name(), deadLetterName),
                group.group(),
                "topic",
                meter,
                interrupted);
        this.offsets = new GroupOffsets(settings, group.group(), meter, interrupted);
        this.identity = new TopicIdentity(settings, meter);
        this.interrupted = interrupted;
    }

    private static String transactionalId(ConsumerGroup group) {
        GroupMembership membership = group.membership();
        String instance = membership == null ? null : membership.instance();
        return ClusterNames.workerTransactionalIds(group.group())
                + (instance == null ? UUID.randomUUID().toString() : instance);
    }

    @Override
    public int open(Origin origin, int partitions) {
        from = origin.name();
        mark = OffsetMetadata.ofSource(origin);
        fromPartitions = partitions;
        // All checks come before an earlier worker of this name is fenced.
        read(offsets.undecided());
        settleEarlier();
        List<TopicPartition> asked = new ArrayList<>(new Topic(from, origin.id(), partitions).all());
        asked.add(markAt());
        initialPartitions = partitions;
        read(offsets.decided(asked));
        return initialPartitions;
    }

    private void read(Map<TopicPartition, OffsetAndMetadata> known) {
        known.forEach((partition, offset) -> {
            if (partition.equals(markAt())) {
                refuseOtherSource(offset.metadata());
            } else if (partition.topic().equals(from)) {
                refuseForeign(offset.metadata());
                int then = OffsetMetadata.initialPartitions(offset.metadata());
                initialPartitions = then < 0 ? initialPartitions : Math.min(initialPartitions, then);
            }
        });
    }

    /** Ends the transactions of an earlier worker of this name, so that their offsets are decided. */
    private void settleEarlier() {
        try {
            transactions.start();
        } catch (Transactions.Fenced | RetriableFailure e) {
            if (e instanceof RetriableFailure notStored && transactions.hasNoCoordinator()) {
                throw notStored.failure();
            }
            // It is tried again when partitions are claimed, and by then it shows which of two workers goes on.
            return;
        }
    }

    /** Kafka deletes offsets with their topic, so an offset of the target records which topic was read. */
    private void refuseOtherSource(String known) {
        if (known.equals(mark) || !OffsetMetadata.isSource(known)) {
            return;
        }
        String was = OffsetMetadata.sourceName(known);
        throw new Failure(
                Failure.Kind.USAGE,
                "topic " + from + " is not the one that group " + group.group() + " has moved to " + target.name(),
                was.equals(from) ? "it was deleted and recreated since" : "that is topic " + was,
                "to store this one as well, choose another --group");
    }

    private TopicPartition markAt() {
        return new TopicPartition(target.name(), 0);
    }

    private void refuseForeign(String metadata) {
        if (!OffsetMetadata.isOurs(metadata)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "group " + group.group() + " holds offsets of another application",
                    "committing would change where that application resumes",
                    "choose another --group, or omit it: then kstage chooses one");
        }
        if (OffsetMetadata.isOfAnotherSink(metadata, group.sinkId())) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "group " + group.group() + " holds offsets of another sink",
                    "the group was used for another topic before, or " + target.name()
                            + " was deleted and recreated since",
                    "choose another --group, or omit it: then kstage chooses one");
        }
    }

    @Override
    public Positions takeOver(Set<Integer> partitions) {
        fenceable(transactions::start);
        List<TopicPartition> asked = partitions.stream()
                .map(number -> new TopicPartition(from, number))
                .toList();
        Map<Integer, Position> positions = new HashMap<>();
        offsets.decided(asked).forEach((partition, offset) -> {
            refuseForeign(offset.metadata());
            positions.put(partition.partition(), PositionMapper.position(offset));
        });
        return Positions.of(positions);
    }

    @Override
    public void initializeOffsets(Positions starts) {
        begun = begun.and(starts);
        // What is in an open transaction needs its own positions beside it: then these wait for its commit.
        if (!transactions.isOpen()) {
            commit(Positions.NONE);
        }
    }

    @Override
    public void write(Results results) {
        fenceable(() -> {
            long now = System.currentTimeMillis();
            for (Record record : results.records()) {
                String reason = refusal(record, now);
                if (reason != null) {
                    send(refused(record, reason), now);
                    refusedHere++;
                } else {
                    send(record);
                }
            }
            for (DeadLetter letter : results.deadLetters()) {
                send(letter, now);
            }
        });
    }

    private @Nullable String refusal(Record record, long now) {
        String reason = rules.refusal(record, now);
        return reason == null && isCareful ? refusedByCluster.get(RecordLocation.of(record)) : reason;
    }

    private void send(Record record) {
        ProducerRecord<byte[], byte[]> toSend = ProducerRecordMapper.of(target.name(), partition(record), record);
        boolean alone = rules.isNearLimit(record);
        if (!isCareful) {
            transactions.send(toSend, alone);
            return;
        }
        RecordLocation which = RecordLocation.of(record);
        transactions.send(
                toSend,
                alone,
                fault -> refusedByCluster.put(
                        which, "topic " + target.name() + " does not take it: " + KafkaFailures.reason(fault)));
    }

    private DeadLetter refused(Record record, String reason) {
        if (!hasDeadLetters) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    "the " + nameOf(record) + " can't be stored",
                    reason,
                    "change the configuration of topic " + target.name()
                            + "; or omit --dead-letter none, which stops at the first rejected record");
        }
        return new DeadLetter(record, reason);
    }

    private String nameOf(Record record) {
        return "record at offset " + record.offset() + " of partition " + record.partition() + " of topic " + from;
    }

    /**
     * Goes again over what was not committed, if the cluster has refused a record: the first time to find out which it
     * is, and from then on with each that was found as a dead letter.
     */
    private RuntimeException again(Transactions.RecordRefused e) {
        Failure letter = refusedLetter;
        if (letter != null) {
            return letter;
        }
        if (isCareful && refusedByCluster.size() == rejectedBefore) {
            return e.failure();
        }
        isCareful = true;
        rejectedBefore = refusedByCluster.size();
        return CommitConflict.withProgress("the cluster refused a record", e);
    }

    @Override
    public long rejected() {
        return refused;
    }

    private int partition(Record record) {
        return target.partitions() == fromPartitions
                ? record.partition()
                : JavaPartitioner.partition(record.key(), record.partition(), target.partitions());
    }

    private void send(DeadLetter letter, long now) {
        Topic to = deadLetterTopic;
        if (to == null) {
            to = deadLetters.get();
            deadLetterTopic = to;
        }
        Record record = letter.record();
        List<Header> headers = DeadLetterHeaders.of(from, letter);
        ProducerRecord<byte[], byte[]> toSend = ProducerRecordMapper.of(
                to.name(),
                record.partition() % to.partitions(),
                new Record(
                        record.partition(),
                        record.offset(),
                        // A header holds it too; a dead-letter record must not be rejected for the timestamp of its
                        // record.
                        record.timestamp() > now || rules.refusalOfTime(record, now) != null
                                ? Record.UNSET
                                : record.timestamp(),
                        record.key(),
                        record.value(),
                        headers));
        String topic = to.name();
        if (isCareful) {
            transactions.send(toSend, false, fault -> {
                if (refusedLetter == null) {
                    refusedLetter = refusedLetter(topic, record, fault);
                }
            });
        } else {
            transactions.send(toSend, false);
        }
    }

    private Failure refusedLetter(String topic, Record record, Exception fault) {
        return new Failure(
                Failure.Kind.FAILED,
                "the " + nameOf(record) + " can't be stored, not even as a dead-letter record",
                "topic " + topic + " does not take it: " + KafkaFailures.reason(fault),
                "change the configuration of topic " + topic + ", or name another one with --dead-letter",
                fault);
    }

    @Override
    public void commit(Positions to) {
        Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
        begun.and(to)
                .byPartition()
                .forEach((partition, position) -> moved.put(
                        new TopicPartition(from, partition),
                        PositionMapper.offset(position, group.metadata(initialPartitions))));
        moved.put(markAt(), new OffsetAndMetadata(0, mark));
        ConsumerGroupMetadata membership = member.groupAsOfPoll();
        if (membership.generationId() < 0) {
            throw new CommitConflict("this worker is not a member of the group any more");
        }
        fenceable(() -> {
            transactions.acknowledged();
            identity.require(written(), interrupted);
            transactions.commit(moved, membership);
        });
        begun = Positions.NONE;
        refused += refusedHere;
        refusedHere = 0;
        isCareful = false;
        refusedByCluster.clear();
        rejectedBefore = 0;
    }

    /** The topics of the acknowledged records. */
    private List<Topic> written() {
        return deadLetterTopic == null ? List.of(target) : List.of(target, deadLetterTopic);
    }

    /** Runs a step; a fenced one becomes a commit conflict, since the stored position decides what to do. */
    private void fenceable(Runnable step) {
        try {
            step.run();
        } catch (Transactions.Fenced e) {
            throw new CommitConflict("the transaction was aborted", e);
        } catch (Transactions.RecordRefused e) {
            throw again(e);
        }
    }

    @Override
    public void abort() {
        begun = Positions.NONE;
        refusedHere = 0;
        transactions.abort();
    }

    @Override
    public boolean isCommitDue(Duration sinceCommit) {
        return transactions.bytes() >= COMMIT_BYTES || sinceCommit.compareTo(COMMIT_INTERVAL) >= 0;
    }

    @Override
    public void close() {
        transactions.close();
        offsets.close();
        identity.close();
    }
}
