package dev.kstage.kafka.exactlyonce;

import dev.kstage.kafka.admin.TopicIdentity;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.producer.DeliveryStats;
import dev.kstage.kafka.producer.JavaPartitioner;
import dev.kstage.kafka.producer.ProducerRecordMapper;
import dev.kstage.kafka.producer.RecordRules;
import dev.kstage.kafka.transaction.GroupOffsets;
import dev.kstage.kafka.transaction.Transactions;
import dev.kstage.record.Fingerprint;
import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.stage.CommitConflict;
import dev.kstage.stage.DeadLetterLog;
import dev.kstage.stage.Results;
import dev.kstage.stage.RetriableFailure;
import dev.kstage.stage.Sink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Sends the records of a run with an id to a topic, each exactly once over all attempts of the run. A transaction
 * holds the records and, as offsets of the run's own group, the {@link Checkpoint}. An attempt first takes over the
 * transactional id, which ends and fences every earlier attempt. Only then it reads where to resume.
 */
public final class ResumableTopicSink implements Sink {
    /** The steps at which a test can halt, pause or fail the process. */
    public static final List<String> FAILPOINTS =
            Transactions.failpoints("produce").toList();

    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
    private static final long COMMIT_BYTES = 64 << 20;
    // Another attempt takes the transactional id first and signs the checkpoint after that.
    private static final Duration UNTIL_SIGNED = Duration.ofSeconds(3);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final Topic topic;
    private final @Nullable Fingerprint input;
    private final RecordRules rules;
    private final Function<Record, String> names;
    private final @Nullable DeadLetterLog deadLetters;
    private final BooleanSupplier interrupted;
    private final String attempt = UUID.randomUUID().toString().substring(0, 8);
    private final long start = System.nanoTime();
    private final Transactions transactions;
    private final GroupOffsets offsets;
    private final Checkpoints checkpoints;
    private final TopicIdentity identity;
    private final long elapsedBefore;
    private Checkpoint checkpoint;
    private @Nullable String expectedAtStart;
    private boolean isJustRead = true;
    private boolean isSigned;

    /**
     * Takes over the run and reads its checkpoint. A run that is rejected stays as it is: an
     * earlier attempt may still be at work.
     *
     * @param compression the codec, or null for what the profile says
     * @param rules what the topic takes of a record
     * @param names what a record is called in messages
     * @param input by which the part of it that was sent is known again; null for generated events
     * @param deadLetters where dead-letter records are stored, or null if there are none; stays the caller's
     * @param past what the cluster knows of it
     * @param meter shows what the run waits for
     * @param interrupted asked while waiting: true ends it after a moment
     * @throws Failure if the run is one with other parameters or another input, or its checkpoint is gone
     */
    public ResumableTopicSink(
            ClientSettings settings,
            ResumableRun run,
            Topic topic,
            @Nullable String compression,
            RecordRules rules,
            Function<Record, String> names,
            @Nullable Fingerprint input,
            @Nullable DeadLetterLog deadLetters,
            RunHistory past,
            StageProgress meter,
            BooleanSupplier interrupted) {
        this.topic = topic;
        this.input = input;
        this.deadLetters = deadLetters;
        this.interrupted = interrupted;
        this.names = names;
        Map<String, Object> configuration =
                settings.transactions(run.transactionalId(), Transactions.TIMEOUT, compression, rules.largestBatch());
        this.rules = rules.sentBy(configuration);
        this.transactions = new Transactions(
                settings, configuration, List.of(topic.name()), run.group(), "produce", meter, interrupted);
        this.offsets = new GroupOffsets(settings, run.group(), meter, interrupted);
        this.checkpoints = new Checkpoints(run, topic, attempt, offsets);
        this.identity = new TopicIdentity(settings, meter);
        try {
            checkpoints.refuseOther(past, input);
            startPatiently();
            this.checkpoint = checkpoints.storedOrNew(
                    past.hasCommitted(), input == null ? null : input.ofStart(), extentOfDeadLetters());
            this.elapsedBefore = checkpoint.millis();
        } catch (Transactions.Fenced e) {
            close();
            throw checkpoints.takenOver(e);
        } catch (RetriableFailure e) {
            close();
            throw e.failure();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Starts with retries, because no stage exists yet that would retry. */
    private void startPatiently() {
        long begun = System.nanoTime();
        while (true) {
            try {
                transactions.start();
                return;
            } catch (RetriableFailure e) {
                if (interrupted.getAsBoolean()
                        || transactions.hasNoCoordinator()
                        || System.nanoTime() - begun > e.patience().toNanos()) {
                    throw e;
                }
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            }
        }
    }

    /** How many partitions keys are spread over: as many as there were when the run began. */
    public int partitions() {
        return checkpoint.partitions();
    }

    /** Whether an earlier attempt has sent everything; then there is nothing to do. */
    public boolean isFinished() {
        return checkpoint.finished();
    }

    /** When the first attempt began. */
    public Instant begun() {
        return Checkpoints.time(checkpoint.begun());
    }

    /** Whether this attempt resumes an earlier one. */
    public boolean isContinued() {
        return checkpoint.delivered().records() > 0 && !isFinished();
    }

    /** What all attempts together have committed. */
    public DeliveryStats delivered() {
        return checkpoint.delivered();
    }

    /** How many dead-letter records all attempts have stored. */
    public long deadLettered() {
        DeadLetterLog.Extent extent = checkpoint.deadLetters();
        return extent == null ? 0 : extent.letters();
    }

    /** How long all attempts together took. */
    public Duration time() {
        return Duration.ofMillis(checkpoint.millis());
    }

    @Override
    public int open(Origin origin, int partitions) {
        return partitions;
    }

    @Override
    public Positions takeOver(Set<Integer> partitions) {
        try {
            if (!isJustRead) {
                takeAgain();
            }
            isJustRead = false;
            cutDeadLetters();
            // Where nothing is left to do as well: it is from now on that the cluster remembers the run for 7 days.
            sign();
        } catch (Transactions.Fenced e) {
            throw fenced(e);
        }
        expectedAtStart = checkpoint.fingerprint();
        return Positions.of(Map.of(0, Position.at(checkpoint.next())));
    }

    /** Removes dead-letter records that were stored and not committed; they are stored again. */
    private void cutDeadLetters() {
        DeadLetterLog.Extent stored = checkpoint.deadLetters();
        if (deadLetters != null && stored != null && !isFinished()) {
            deadLetters.cutTo(stored);
        }
    }

    private DeadLetterLog.@Nullable Extent extentOfDeadLetters() {
        return deadLetters == null ? null : deadLetters.sync();
    }

    /** Reads the checkpoint again, after checking that no other attempt has taken over: a start would fence it. */
    private void takeAgain() {
        if (isSigned) {
            // The checkpoint is gone with the topic: then nobody has taken the run over.
            identity.require(List.of(topic), interrupted);
            checkpoints.mine();
        }
        transactions.start();
        checkpoint = isSigned
                ? checkpoints.mine()
                : checkpoints.storedOrNew(false, checkpoint.fingerprint(), checkpoint.deadLetters());
    }

    private void sign() {
        Checkpoint signed = checkpoint.takenBy(attempt);
        transactions.acknowledged();
        commit(signed);
        isSigned = true;
    }

    @Override
    public void initializeOffsets(Positions starts) {
        throw new IllegalStateException("a checkpoint is there from the first claim on");
    }

    @Override
    public void write(Results results) {
        requireSameInput();
        if (isFinished() && results.read() > 0) {
            throw Checkpoints.otherInput("it has grown since the run was finished");
        }
        try {
            long now = System.currentTimeMillis();
            for (Record record : results.records()) {
                String refusal = rules.refusal(record, now);
                if (refusal != null) {
                    throw rules.failure(names.apply(record), refusal);
                }
                ProducerRecord<byte[], byte[]> toSend =
                        ProducerRecordMapper.of(topic.name(), partition(record), record);
                transactions.send(toSend, rules.isNearLimit(record), record);
            }
            if (deadLetters != null) {
                results.deadLetters().forEach(deadLetters::add);
            }
        } catch (Transactions.Fenced e) {
            throw fenced(e);
        } catch (Transactions.RecordRefused e) {
            throw refused(e);
        }
    }

    private Failure refused(Transactions.RecordRefused e) {
        Record record = e.record();
        Failure failure = e.failure();
        return record == null
                ? failure
                : new Failure(
                        failure.kind(),
                        rules.notSent(names.apply(record)),
                        failure.why(),
                        failure.remedy(),
                        failure.getCause());
    }

    private void requireSameInput() {
        String expected = expectedAtStart;
        expectedAtStart = null;
        if (expected != null && input != null && !expected.equals(input.ofStart())) {
            throw Checkpoints.otherInput("the part that was already sent has changed");
        }
    }

    private int partition(Record record) {
        topic.requirePartition(record, names);
        return record.partition() == Record.UNSET
                ? JavaPartitioner.partition(record.key(), record.offset(), checkpoint.partitions())
                : record.partition();
    }

    @Override
    public void commit(Positions to) {
        long next = Objects.requireNonNull(to.of(0), "it has one partition").next();
        try {
            DeliveryStats more = transactions.acknowledged();
            // Durable before the commit that counts them.
            DeadLetterLog.Extent extent = extentOfDeadLetters();
            commit(checkpoint.movedTo(next, more, elapsed(), input == null ? null : input.now(), extent));
        } catch (Transactions.Fenced e) {
            throw fenced(e);
        } catch (Transactions.RecordRefused e) {
            throw refused(e);
        }
    }

    private void commit(Checkpoint moved) {
        identity.require(List.of(topic), interrupted);
        transactions.commit(moved.offsets(topic.name(), checkpoint), offsets.metadata());
        checkpoint = moved;
    }

    /** The time of all attempts, in milliseconds. */
    private long elapsed() {
        return elapsedBefore + Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    /** Commits that the input was sent to its end; from now on the same run does nothing. */
    public void finish() {
        requireSameInput();
        if (isFinished()) {
            return;
        }
        try {
            if (!transactions.isLive()) {
                takeAgain();
            }
            transactions.acknowledged();
            commit(checkpoint.atEnd(elapsed()));
        } catch (Transactions.Fenced | CommitConflict e) {
            throw checkpoints.takenOver(e);
        } catch (RetriableFailure e) {
            throw e.failure();
        } catch (Transactions.RecordRefused e) {
            throw refused(e);
        }
    }

    /** Tells whether another attempt has fenced this one, or the cluster has aborted a transaction after its timeout. */
    private RuntimeException fenced(Transactions.Fenced e) {
        if (!isSigned) {
            return checkpoints.takenOver(e);
        }
        identity.require(List.of(topic), interrupted);
        long end = System.nanoTime() + UNTIL_SIGNED.toNanos();
        while (System.nanoTime() < end && !interrupted.getAsBoolean()) {
            checkpoints.mine();
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        return new CommitConflict("the cluster has aborted the transaction", e);
    }

    @Override
    public void abort() {
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
