package dev.kstage.kafka.transaction;

import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.KafkaFailures;
import dev.kstage.kafka.diagnosis.Coordinator;
import dev.kstage.kafka.producer.Acknowledgements;
import dev.kstage.kafka.producer.DeliveryStats;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.report.Text;
import dev.kstage.stage.CommitConflict;
import dev.kstage.stage.Failpoint;
import dev.kstage.stage.RetriableFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of one transactional id. Each stores records together with offsets, and begins with the first
 * record or offset. After an error the producer is closed. {@link #start} makes a new one, which ends what the old
 * one left open, so nothing is ever guessed.
 */
public final class Transactions implements AutoCloseable {
    /** Short, so that the open transaction of a killed process does not block readers for long. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final List<String> STEPS = List.of("begun", "sent", "offsets", "committed");
    private static final Duration POLL = Duration.ofMillis(1);
    private static final Duration GRACE = Duration.ofSeconds(5);
    // Longer than a healthy cluster needs.
    private static final Duration LONG_COMMIT = Duration.ofSeconds(1);

    private final ClientSettings settings;
    private final Map<String, Object> configuration;
    private final String id;
    private final List<String> topics;
    private final String group;
    private final String step;
    private final StageProgress meter;
    private final BooleanSupplier interrupted;
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private Acknowledgements acknowledgements = new Acknowledgements();
    private boolean open;
    private long sent;
    private long bytes;

    /** Another producer holds the transactional id, or the cluster has aborted the open transaction. */
    public static final class Fenced extends RuntimeException {
        private static final long serialVersionUID = 1;

        Fenced(Throwable cause) {
            super(cause);
        }
    }

    /** The cluster has rejected a record for its own content; the transaction is aborted. */
    public static final class RecordRefused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Failure failure;
        private final transient @Nullable Record record;

        RecordRefused(Failure failure, @Nullable Record record) {
            super(failure);
            this.failure = failure;
            this.record = record;
        }

        /** Where the record was read, as far as {@link Transactions#send} was told; null if it is not known. */
        @Nullable
        public Record record() {
            return record;
        }

        /** The failure of the run, if it ends here. */
        public Failure failure() {
            return failure;
        }
    }

    /**
     * @param configuration of the producer
     * @param topics where it puts records; the first is named in messages
     * @param group whose offsets each transaction moves
     * @param step what the failpoints' names start with
     * @param meter shows what the run waits for
     * @param interrupted asked while waiting: true ends it after a moment
     */
    public Transactions(
            ClientSettings settings,
            Map<String, Object> configuration,
            List<String> topics,
            String group,
            String step,
            StageProgress meter,
            BooleanSupplier interrupted) {
        this.settings = settings;
        this.configuration = configuration;
        this.id = String.valueOf(configuration.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG));
        this.topics = topics;
        this.group = group;
        this.step = step;
        this.meter = meter;
        this.interrupted = interrupted;
    }

    /** The names of the failpoints of a sink whose steps start with {@code step}. */
    public static Stream<String> failpoints(String step) {
        return STEPS.stream().map(each -> step + "." + each);
    }

    /** Whether this process has the transactional id, as far as it knows. */
    public boolean isLive() {
        return producer != null;
    }

    /** Takes the transactional id unless it has it, which settles every earlier transaction of it. */
    public void start() {
        if (producer != null) {
            return;
        }
        try (Cluster cluster = Cluster.connect(settings)) {
            HangingTransactions left = new HangingTransactions(cluster, id, group, topics);
            left.settle();
            initialise();
            left.refuse();
        } catch (RuntimeException e) {
            giveUp();
            throw e instanceof Failure failure && failure.kind() == Failure.Kind.TEMPORARY
                    ? new RetriableFailure(coordinator().explain(failure), settings.deliveryTimeout())
                    : e;
        }
    }

    private void initialise() {
        KafkaProducer<byte[], byte[]> made;
        try {
            made = new KafkaProducer<>(configuration);
        } catch (KafkaException e) {
            throw ClientSettings.refused(e);
        }
        producer = made;
        meter.waitingFor("the end of earlier transactions of " + id);
        untilDecided(made::initTransactions, true);
        meter.waitingFor("");
    }

    /**
     * A call that may be made again after a time-out: the client goes on with it, or says how it ended.
     *
     * @param canBeginAnew whether it may be given up as well, where there is nobody who could answer
     */
    private void untilDecided(Runnable call, boolean canBeginAnew) {
        long end = System.nanoTime() + settings.deliveryTimeout().toNanos();
        while (true) {
            try {
                call.run();
                return;
            } catch (TimeoutException e) {
                if (interrupted.getAsBoolean()) {
                    throw failed(e);
                }
                Optional<Coordinator.Fault> fault = coordinator().faultOfWrites();
                if (System.nanoTime() > end || (fault.isPresent() && canBeginAnew)) {
                    throw failed(e, fault);
                }
                meter.waitingFor(fault.map(found -> "the end of a transaction: " + found.why())
                        .orElse(settings.bootstrapServers() + " to end a transaction"));
            } catch (KafkaException e) {
                throw failed(e);
            }
        }
    }

    /** Whether there is anything in the open transaction. */
    public boolean isOpen() {
        return open;
    }

    /** The bytes of keys and values in the open transaction. */
    public long bytes() {
        return bytes;
    }

    /** @param alone whether it goes into a batch of its own: then what was sent before is waited for, and this as well */
    public void send(ProducerRecord<byte[], byte[]> toSend, boolean alone) {
        send(toSend, alone, acknowledgements());
    }

    /** Sends a record that {@link RecordRefused#record} names if the cluster rejects it. */
    public void send(ProducerRecord<byte[], byte[]> toSend, boolean alone, Record record) {
        send(toSend, alone, acknowledgements().of(record));
    }

    /** Sends a record and calls back if the cluster rejects just this record; the transaction has failed then. */
    public void send(ProducerRecord<byte[], byte[]> toSend, boolean alone, Consumer<Exception> refused) {
        Acknowledgements all = acknowledgements();
        send(toSend, alone, (metadata, thrown) -> {
            all.onCompletion(metadata, thrown);
            if (Acknowledgements.isTheRecordsOwn(thrown)) {
                refused.accept(thrown);
            }
        });
    }

    /** Those of the transaction that is open, or is begun with this. */
    private Acknowledgements acknowledgements() {
        var unused = begun();
        return acknowledgements;
    }

    private void send(ProducerRecord<byte[], byte[]> toSend, boolean alone, Callback callback) {
        KafkaProducer<byte[], byte[]> live = begun();
        if (alone) {
            awaitDecisions();
        }
        Exception fault = acknowledgements.fault();
        if (fault != null) {
            throw failed(fault);
        }
        try {
            var unused = live.send(toSend, callback);
            sent++;
            bytes += length(toSend.key()) + length(toSend.value());
        } catch (KafkaException e) {
            throw failed(e);
        }
        if (alone) {
            awaitDecisions();
        }
    }

    private static int length(byte @Nullable [] array) {
        return array == null ? 0 : array.length;
    }

    private KafkaProducer<byte[], byte[]> begun() {
        KafkaProducer<byte[], byte[]> live = producer;
        if (live == null) {
            throw new CommitConflict("this process does not hold the transactional id any more");
        }
        if (!open) {
            try {
                live.beginTransaction();
            } catch (KafkaException e) {
                throw failed(e);
            }
            open = true;
            acknowledgements = new Acknowledgements();
            Failpoint.reach(step + ".begun");
        }
        return live;
    }

    /** Waits until everything sent in the open transaction is acknowledged, and says what that was. */
    public DeliveryStats acknowledged() {
        awaitDecisions();
        Failpoint.reach(step + ".sent");
        return acknowledgements.delivered();
    }

    /**
     * Not the client's flush, which can be neither interrupted nor watched, and has no limit. The client should decide
     * every record within its delivery time-out; the limit is for one that it does not, as while it splits a batch again
     * and again (KAFKA-8350).
     */
    private void awaitDecisions() {
        long graceEnd = Long.MAX_VALUE;
        long start = System.nanoTime();
        Duration limit = settings.deliveryTimeout().plus(GRACE);
        while (acknowledgements.decided() < sent) {
            long now = System.nanoTime();
            if (graceEnd == Long.MAX_VALUE && interrupted.getAsBoolean()) {
                graceEnd = now + GRACE.toNanos();
            }
            if (now > graceEnd) {
                throw failed(new TimeoutException("interrupted before everything was acknowledged"));
            }
            if (now - start > limit.toNanos()) {
                throw failed(new TimeoutException(Text.plural(sent - acknowledgements.decided(), "record") + " of "
                        + Text.count(sent) + " were not acknowledged within " + Text.duration(limit)));
            }
            meter.waitingFor(Text.plural(sent - acknowledgements.decided(), "record") + " to be acknowledged");
            LockSupport.parkNanos(POLL.toNanos());
        }
        meter.waitingFor("");
        Exception fault = acknowledgements.fault();
        if (fault != null) {
            throw failed(fault);
        }
    }

    /** Commits what was sent and acknowledged together with these offsets of a group. */
    public void commit(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        KafkaProducer<byte[], byte[]> live = begun();
        try {
            live.sendOffsetsToTransaction(offsets, group);
        } catch (TimeoutException e) {
            throw failed(e, Coordinator.ofGroup(settings, group.groupId()).fault());
        } catch (KafkaException e) {
            throw failed(e);
        }
        Failpoint.reach(step + ".offsets");
        long begun = System.nanoTime();
        untilDecided(live::commitTransaction, false);
        meter.waitingFor("");
        closed();
        Failpoint.reach(step + ".committed");
        if (System.nanoTime() - begun > LONG_COMMIT.toNanos()) {
            settleCommitted();
        }
    }

    /** Ends a hanging transaction after a slow commit: the next transaction must not follow it. */
    private void settleCommitted() {
        try (Cluster cluster = Cluster.connect(settings)) {
            new HangingTransactions(cluster, id, group, topics).settle();
        } catch (Failure e) {
            // It is committed anyway; the next start ends what hangs, or fails with the reason.
            giveUp();
        }
    }

    private void closed() {
        open = false;
        sent = 0;
        bytes = 0;
        acknowledgements = new Acknowledgements();
    }

    /** Aborts the open transaction; the next start makes sure that the cluster has done so. */
    public void abort() {
        KafkaProducer<byte[], byte[]> live = producer;
        if (live == null || !open) {
            return;
        }
        try {
            live.abortTransaction();
        } catch (KafkaException e) {
            // The next start aborts the open transaction.
        }
        giveUp();
    }

    private void giveUp() {
        KafkaProducer<byte[], byte[]> old = producer;
        producer = null;
        closed();
        if (old != null) {
            old.close(Duration.ZERO);
        }
    }

    private RuntimeException failed(Exception thrown) {
        return failed(thrown, Optional.empty());
    }

    /** @param fault why a coordinator did not answer, if there is a reason */
    private RuntimeException failed(Exception thrown, Optional<Coordinator.Fault> fault) {
        Exception first = acknowledgements.fault();
        Throwable cause = TransactionFailure.root(first == null ? thrown : first);
        if (TransactionFailure.isFencing(cause) || TransactionFailure.isFencing(TransactionFailure.root(thrown))) {
            giveUp();
            return new Fenced(cause);
        }
        if (TransactionFailure.isLostRace(cause)) {
            abort();
            return new CommitConflict("another worker has the partitions: " + KafkaFailures.reason(cause), cause);
        }
        Acknowledgements seen = acknowledgements;
        giveUp();
        // By now all callbacks were called: in a batch, the rejected record may come after those rejected because of
        // it.
        Exception own = seen.fault();
        if (own != null && Acknowledgements.isTheRecordsOwn(own)) {
            return new RecordRefused(notSent(own), seen.firstRefused());
        }
        Failure failure = notSent(cause);
        return TransactionFailure.isLasting(cause)
                ? failure
                : new RetriableFailure(
                        fault.map(found -> found.failure(failure.what(), cause))
                                .orElseGet(() -> TransactionFailure.temporary(failure, cause)),
                        settings.deliveryTimeout());
    }

    private Failure notSent(Throwable cause) {
        return TransactionAuthorization.of("cannot send to topic " + topics.get(0), id, cause, settings);
    }

    /** Whether another attempt to start would fail as well. */
    public boolean hasNoCoordinator() {
        return coordinator().faultOfWrites().isPresent();
    }

    private Coordinator coordinator() {
        return Coordinator.ofTransactions(settings, id);
    }

    @Override
    public void close() {
        KafkaProducer<byte[], byte[]> live = producer;
        producer = null;
        if (live != null) {
            // Aborts what is open.
            live.close(GRACE);
        }
    }
}
