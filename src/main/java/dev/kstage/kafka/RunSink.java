package dev.kstage.kafka;

import dev.kstage.report.Failure;
import dev.kstage.report.Meter;
import dev.kstage.stage.Fingerprint;
import dev.kstage.stage.LostRace;
import dev.kstage.stage.NotStored;
import dev.kstage.stage.Origin;
import dev.kstage.stage.Position;
import dev.kstage.stage.Positions;
import dev.kstage.stage.Record;
import dev.kstage.stage.Results;
import dev.kstage.stage.Sink;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Sends the records of a run that has an id to a topic, each exactly once over all the run's attempts: a
 * transaction holds the records and, as offsets of a group of the run's own, the {@link Checkpoint}. An
 * attempt first takes the transactional id, which settles and fences every earlier one, and only then
 * reads where to go on.
 */
public final class RunSink implements Sink {
    /** The steps at which a test can end it. */
    public static final List<String> FAILPOINTS =
            Transactions.failpoints("produce").toList();

    static final String GROUP_PREFIX = "kstage.run.";

    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
    private static final long COMMIT_BYTES = 16 << 20;
    // Another attempt takes the transactional id first and signs the checkpoint after that.
    private static final Duration UNTIL_SIGNED = Duration.ofSeconds(3);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final Run run;
    private final Topic topic;
    private final @Nullable Fingerprint input;
    private final BooleanSupplier interrupted;
    private final String attempt = UUID.randomUUID().toString().substring(0, 8);
    private final long start = System.nanoTime();
    private final Transactions transactions;
    private final GroupOffsets offsets;
    private final boolean hasCommittedBefore;
    private Checkpoint checkpoint;
    private @Nullable String expectedAtStart;
    private boolean isMine;

    /**
     * A run and what its events follow from.
     *
     * @param id chosen by the user
     * @param parameters by the names of the options that set them, but for the topic
     */
    public record Run(String id, Map<String, String> parameters) {
        String transactionalId() {
            return "kstage." + id;
        }

        /** The group whose offsets are the run's checkpoint. */
        public String group() {
            return GROUP_PREFIX + id;
        }
    }

    /**
     * Takes the run for this process and reads how far it is.
     *
     * @param compression the codec, or null for what the profile says
     * @param largestBatch the largest batch that the topic takes, in bytes, if that is known
     * @param input by which the part of it that was sent is known again; null for generated events
     * @param hasCommittedBefore whether the cluster knows that the run has committed something
     * @param meter told what is waited for
     * @param interrupted asked while waiting: true ends it after a moment
     * @throws Failure if the run is one with other parameters, or its checkpoint is gone
     */
    public RunSink(
            ClientSettings settings,
            Run run,
            Topic topic,
            @Nullable String compression,
            OptionalInt largestBatch,
            @Nullable Fingerprint input,
            boolean hasCommittedBefore,
            Meter meter,
            BooleanSupplier interrupted) {
        this.run = run;
        this.topic = topic;
        this.input = input;
        this.interrupted = interrupted;
        this.hasCommittedBefore = hasCommittedBefore;
        this.transactions = new Transactions(
                settings,
                settings.transactions(run.transactionalId(), Transactions.TIMEOUT, compression, largestBatch),
                topic.name(),
                "produce",
                meter,
                interrupted);
        this.offsets = new GroupOffsets(settings, run.group(), meter, interrupted);
        try {
            transactions.start();
            this.checkpoint = read();
        } catch (Transactions.Fenced e) {
            close();
            throw startedAgain(e);
        } catch (NotStored e) {
            close();
            throw e.failure();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private RunParameters parameters() {
        Map<String, String> all = new java.util.TreeMap<>(run.parameters());
        all.put("topic", topic.name() + " " + topic.id());
        return RunParameters.of(all);
    }

    private Checkpoint read() {
        Checkpoint found = stored();
        if (found == null) {
            if (hasCommittedBefore) {
                throw lapsed();
            }
            return new Checkpoint(
                    0,
                    parameters(),
                    topic.partitions(),
                    System.currentTimeMillis(),
                    attempt,
                    0,
                    input == null ? null : input.ofStart(),
                    false,
                    Delivered.NONE);
        }
        Set<String> differences = found.parameters().differences(parameters());
        if (!differences.isEmpty()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "run " + run.id() + " is another one",
                    "it was begun " + time(found.begun()) + " with another " + String.join(", ", differences),
                    "give a new --run-id for other events, or the same parameters to go on with the run");
        }
        return found;
    }

    private @Nullable Checkpoint stored() {
        int figures = Math.min(topic.partitions(), Checkpoint.MOST_PARTITIONS);
        List<TopicPartition> asked = IntStream.range(0, figures)
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        Map<TopicPartition, OffsetAndMetadata> committed = offsets.decided(asked);
        try {
            return Checkpoint.of(topic.name(), committed);
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "group " + offsets.group() + " is not that of a run",
                    "another program, or another release of kstage, has committed offsets there",
                    "choose another --run-id",
                    e);
        }
    }

    private Failure lapsed() {
        return new Failure(
                Failure.Kind.FAILED,
                "how far run " + run.id() + " came is not known any more",
                "it has sent something, and its checkpoint is gone: after 7 days without an attempt"
                        + " (offsets.retention.minutes), or with the topic that it was for",
                "see what the topic holds, and send what is missing under a new --run-id");
    }

    private Failure startedAgain(RuntimeException cause) {
        return new Failure(
                Failure.Kind.TEMPORARY,
                "run " + run.id() + " goes on elsewhere",
                "it was started a second time, and the later start has taken it over",
                "see that one through; nothing was sent twice",
                cause);
    }

    private static Instant time(long millis) {
        return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS);
    }

    /** Whether an earlier attempt has sent everything; then there is nothing to do. */
    public boolean isFinished() {
        return checkpoint.finished();
    }

    /** When the first attempt began. */
    public Instant begun() {
        return time(checkpoint.begun());
    }

    /** Whether this goes on with what an earlier attempt began. */
    public boolean isContinued() {
        return checkpoint.delivered().records() > 0 && !isFinished();
    }

    /** What all attempts together have committed. */
    public Delivered delivered() {
        return checkpoint.delivered();
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
    public Positions claim(Set<Integer> partitions) {
        try {
            if (isMine) {
                takeAgain();
            }
            if (!isFinished()) {
                sign();
            }
        } catch (Transactions.Fenced e) {
            throw fenced(e);
        }
        expectedAtStart = checkpoint.fingerprint();
        return Positions.of(Map.of(0, Position.at(checkpoint.next())));
    }

    /** What is committed is read again; not without a look whose the run is, since a start fences another. */
    private void takeAgain() {
        requireMine(stored());
        transactions.start();
        checkpoint = requireMine(stored());
    }

    private Checkpoint requireMine(@Nullable Checkpoint found) {
        if (found == null || !found.attempt().equals(attempt)) {
            throw startedAgain(new LostRace("another attempt has signed the checkpoint"));
        }
        return found;
    }

    private void sign() {
        Checkpoint signed = checkpoint.takenBy(attempt);
        transactions.acknowledged();
        transactions.commit(signed.offsets(topic.name(), checkpoint), offsets.metadata());
        checkpoint = signed;
        isMine = true;
    }

    @Override
    public void begin(Positions starts) {
        throw new IllegalStateException("a checkpoint is there from the first claim on");
    }

    @Override
    public void write(Results results) {
        requireSameInput();
        if (isFinished() && !results.records().isEmpty()) {
            throw otherInput("it has grown since the run was finished");
        }
        try {
            for (Record record : results.records()) {
                transactions.send(Outgoing.of(topic.name(), partition(record), record));
            }
        } catch (Transactions.Fenced e) {
            throw fenced(e);
        }
    }

    private void requireSameInput() {
        String expected = expectedAtStart;
        expectedAtStart = null;
        if (expected != null && input != null && !expected.equals(input.ofStart())) {
            throw otherInput("the part that was sent already is not what it was");
        }
    }

    private Failure otherInput(String why) {
        return new Failure(
                Failure.Kind.USAGE,
                "the input of run " + run.id() + " has changed",
                why,
                "bring the file back as it was, or send this one under a new --run-id");
    }

    private int partition(Record record) {
        if (record.partition() >= topic.partitions()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "there is no partition " + record.partition(),
                    topic.name() + " has " + topic.partitions() + ", numbered from 0",
                    "choose one of them");
        }
        return record.partition() == Record.UNSET
                ? KeyHash.partition(record.key(), record.offset(), checkpoint.partitions())
                : record.partition();
    }

    @Override
    public void commit(Positions to) {
        long next = Objects.requireNonNull(to.of(0), "it has one partition").next();
        try {
            Delivered more = transactions.acknowledged();
            store(checkpoint.movedTo(next, more, elapsed(), input == null ? null : input.now()));
        } catch (Transactions.Fenced e) {
            throw fenced(e);
        }
    }

    private void store(Checkpoint moved) {
        transactions.commit(moved.offsets(topic.name(), checkpoint), offsets.metadata());
        checkpoint = moved;
    }

    private long elapsedBefore = -1;

    /** Of all attempts. */
    private long elapsed() {
        if (elapsedBefore < 0) {
            elapsedBefore = checkpoint.millis();
        }
        return elapsedBefore + Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    /** Notes that the input was sent to its end: from now on the same run does nothing. */
    public void finish() {
        requireSameInput();
        if (isFinished()) {
            return;
        }
        try {
            transactions.acknowledged();
            store(checkpoint.atEnd(elapsed()));
        } catch (Transactions.Fenced e) {
            throw startedAgain(e);
        } catch (LostRace e) {
            throw startedAgain(e);
        } catch (NotStored e) {
            throw e.failure();
        }
    }

    /** Was the run started again, or did the cluster give up a transaction that was open for too long? */
    private RuntimeException fenced(Transactions.Fenced e) {
        if (!isMine) {
            return startedAgain(e);
        }
        long end = System.nanoTime() + UNTIL_SIGNED.toNanos();
        while (System.nanoTime() < end && !interrupted.getAsBoolean()) {
            Checkpoint found = stored();
            if (found == null || !found.attempt().equals(attempt)) {
                return startedAgain(e);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        return new LostRace("the cluster has given up the transaction", e);
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
    }
}
