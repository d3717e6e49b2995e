package dev.kstage.kafka.producer;

import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.KafkaFailures;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.diagnosis.FailureDiagnosis;
import dev.kstage.record.Origin;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.report.Text;
import dev.kstage.stage.DeadLetterLog;
import dev.kstage.stage.Results;
import dev.kstage.stage.Sink;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends records to a topic: idempotent, acknowledged by all in-sync replicas, in order. It stores no offsets: a run
 * that is started again sends everything again. Every record that the cluster did not accept is counted. A record
 * that is rejected for its own content does not stop the others.
 */
public final class KafkaSink implements Sink {
    private static final Duration POLL = Duration.ofMillis(5);
    // After a signal: as long as a healthy cluster needs for what is in flight.
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final ClientSettings settings;
    private final Topic topic;
    private final RecordRules rules;
    private final Function<Record, String> names;
    private final @Nullable DeadLetterLog deadLetters;
    private final KafkaProducer<byte[], byte[]> producer;
    private final StageProgress meter;
    private final BooleanSupplier interrupted;
    private final Acknowledgements acknowledged = new Acknowledgements();
    private final Duration longestSilence;
    private long sent;
    private @Nullable Exception overdue;
    private @Nullable Failure refused;
    private long deadLettered;

    /**
     * @param compression the codec, or null for what the profile says
     * @param rules what the topic takes of a record
     * @param names what a record is called in messages
     * @param deadLetters where dead-letter records are stored, or null if there are none; stays the caller's
     * @param meter shows what the run waits for
     * @param interrupted asked while waiting: true ends it after a moment
     */
    public KafkaSink(
            ClientSettings settings,
            Topic topic,
            @Nullable String compression,
            RecordRules rules,
            Function<Record, String> names,
            @Nullable DeadLetterLog deadLetters,
            StageProgress meter,
            BooleanSupplier interrupted) {
        this.settings = settings;
        this.topic = topic;
        this.names = names;
        this.deadLetters = deadLetters;
        this.meter = meter;
        this.interrupted = interrupted;
        // The client decides every record within its delivery time-out, but for faults of its own.
        this.longestSilence = settings.deliveryTimeout().plus(GRACE);
        try {
            Map<String, Object> configuration = settings.producer(compression, rules.largestBatch());
            this.rules = rules.sentBy(configuration);
            this.producer = new KafkaProducer<>(configuration);
        } catch (KafkaException e) {
            throw ClientSettings.refused(e);
        }
    }

    /** How many partitions keys are spread over. */
    public int partitions() {
        return topic.partitions();
    }

    @Override
    public int open(Origin origin, int partitions) {
        return partitions;
    }

    @Override
    public Positions takeOver(Set<Integer> partitions) {
        return Positions.NONE;
    }

    @Override
    public void initializeOffsets(Positions starts) {}

    @Override
    public void commit(Positions to) {}

    @Override
    public void write(Results results) {
        long now = System.currentTimeMillis();
        for (Record record : results.records()) {
            failIfAtAnEnd();
            String refusal = rules.refusal(record, now);
            if (refusal == null) {
                send(record);
            } else {
                refused = refused == null ? rules.failure(names.apply(record), refusal) : refused;
                acknowledged.refused();
                sent++;
            }
        }
        if (deadLetters != null) {
            results.deadLetters().forEach(deadLetters::add);
        }
    }

    private void send(Record record) {
        topic.requirePartition(record, names);
        ProducerRecord<byte[], byte[]> toSend = ProducerRecordMapper.of(topic.name(), record.partition(), record);
        try {
            // The callback is told of every outcome; the future would only say it again.
            boolean alone = rules.isNearLimit(record);
            if (alone) {
                awaitDecisions();
                failIfAtAnEnd();
            }
            var unused = producer.send(toSend, acknowledged.of(record));
            sent++;
            if (alone) {
                awaitDecisions();
            }
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    private void failIfAtAnEnd() {
        // The client would only say that it was closed.
        Exception end = overdue == null ? acknowledged.end() : overdue;
        if (end != null) {
            throw failure(end);
        }
    }

    private Failure failure(Exception e) {
        if (!(e instanceof TimeoutException)) {
            return FailureDiagnosis.of("cannot send to topic " + topic.name(), e, settings);
        }
        String what = "not everything was acknowledged by " + settings.bootstrapServers();
        return FailureDiagnosis.ofListeners(what, settings)
                .orElseGet(() -> new Failure(
                        Failure.Kind.TEMPORARY,
                        what,
                        KafkaFailures.reason(e),
                        "check that the cluster is up; failed records are counted, and the same command sends all records again",
                        e));
    }

    @Override
    public void flush() {
        awaitDecisions();
        syncDeadLetters();
        failIfAtAnEnd();
    }

    /** Flushes after a failure: further failures are only counted. */
    public void settleAfterFailure() {
        awaitDecisions();
        try {
            syncDeadLetters();
        } catch (Failure e) {
            // The first failure is the one to tell, and it may be this one.
            return;
        }
    }

    private void syncDeadLetters() {
        if (deadLetters != null) {
            deadLettered = deadLetters.sync().letters();
        }
    }

    /** How many dead-letter records are in their file; final like {@link #delivered}. */
    public long deadLettered() {
        return deadLettered;
    }

    /** Not the client's flush, which can be neither interrupted nor watched. */
    private void awaitDecisions() {
        long graceEnd = Long.MAX_VALUE;
        long decided = acknowledged.decided();
        long lastDecision = System.nanoTime();
        while (decided < sent) {
            long now = System.nanoTime();
            long before = decided;
            decided = acknowledged.decided();
            lastDecision = decided > before ? now : lastDecision;
            if (graceEnd == Long.MAX_VALUE && interrupted.getAsBoolean()) {
                graceEnd = now + GRACE.toNanos();
            }
            if (now > graceEnd || now - lastDecision > longestSilence.toNanos()) {
                if (now <= graceEnd) {
                    overdue = new TimeoutException(Text.plural(sent - decided, "record")
                            + " were not acknowledged within " + Text.duration(longestSilence));
                }
                // What is still open is given up, and the callbacks count it as failed.
                producer.close(Duration.ZERO);
                return;
            }
            meter.waitingFor(Text.plural(sent - decided, "record") + " to be acknowledged");
            LockSupport.parkNanos(POLL.toNanos());
        }
        meter.waitingFor("");
    }

    /** What was acknowledged so far; final after {@link #flush} or {@link #close}. */
    public DeliveryStats delivered() {
        return acknowledged.delivered();
    }

    /** The first record that failed by its own fault, told as a failure; null if there is none. */
    public @Nullable Failure recordFailure() {
        if (refused != null) {
            return refused;
        }
        synchronized (acknowledged) {
            Exception fault = acknowledged.fault();
            Record record = acknowledged.firstRefused();
            if (fault != null && record != null && Acknowledgements.isTheRecordsOwn(fault)) {
                return FailureDiagnosis.of(rules.notSent(names.apply(record)), fault, settings);
            }
            return fault == null ? null : failure(fault);
        }
    }

    @Override
    public boolean isCommitDue(Duration sinceCommit) {
        return true;
    }

    @Override
    public void close() {
        producer.close(settings.timeout());
    }
}
