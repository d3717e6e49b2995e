package dev.kstage.kafka.transaction;

import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.ClusterNames;
import dev.kstage.kafka.diagnosis.Coordinator;
import dev.kstage.report.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.requests.TransactionResult;
import org.jspecify.annotations.Nullable;

/**
 * Ends hanging transactions: transactions that the cluster has ended, but that are still open in a partition. If the
 * cluster ends a transaction while a partition has no leader, it stays open there (KAFKA-20734, in Kafka 4.3.1).
 * Readers of committed records wait for it. It ends as the next transaction of the same id there does, whatever the
 * cluster had decided.
 *
 * <p>This class ends it as the cluster had decided, as long as that is known: no longer after the id is used again.
 * Remove the class when no supported broker has KAFKA-20734.
 */
public final class HangingTransactions {
    /** The states of a transaction that is decided, while its partitions learn of it. */
    public static final Set<TransactionState> ENDING = EnumSet.of(
            TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT, TransactionState.PREPARE_EPOCH_FENCE);

    private static final Duration UNTIL_ENDED = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final ClientSettings settings;
    private final Cluster cluster;
    private final String id;
    private final String group;
    private final List<String> topics;
    private @Nullable TransactionDescription last;

    /** A transaction that is open in a partition. */
    private record Open(TopicPartition partition, ProducerState producer) {
        boolean isOf(TransactionDescription known) {
            return producer.producerId() == known.producerId();
        }

        boolean isBefore(TransactionDescription known) {
            return producer.producerEpoch() < known.producerEpoch();
        }

        /** Whether it is the transaction whose end the cluster reports: each has an epoch of its own (KIP-890). */
        boolean isLast(TransactionDescription known) {
            return isOf(known) && producer.producerEpoch() == known.producerEpoch() - 1;
        }
    }

    /**
     * @param group whose offsets each transaction of the id moves
     * @param topics where transactions of the id put records; all but the first may be missing
     */
    public HangingTransactions(Cluster cluster, String id, String group, List<String> topics) {
        this.settings = cluster.settings();
        this.cluster = cluster;
        this.id = id;
        this.group = group;
        this.topics = topics;
    }

    /**
     * Ends what is left open, be it of the id or of a worker of the group that may never come back. That partitions
     * answer, so have leaders, also keeps the taking of the id from leaving one open.
     *
     * @throws Failure if it can't be told how one of the id has ended, or this user may not end it; or nobody answers
     */
    public void settle() {
        TransactionDescription known = ended();
        last = known;
        if (!new TransactionSupport(cluster).isSafe()) {
            return;
        }
        List<Open> open = open();
        if (known != null) {
            endOwn(
                    open.stream()
                            .filter(each -> each.isOf(known) && each.isBefore(known))
                            .toList(),
                    known);
        }
        endOthers(
                open.stream().filter(each -> known == null || !each.isOf(known)).toList());
    }

    /**
     * To be called when the id is taken: again nothing of it may be open.
     *
     * @throws Failure if something is; or nobody answers
     */
    void refuse() {
        TransactionDescription known = last;
        if (known == null) {
            return;
        }
        List<Open> own = open().stream().filter(each -> each.isOf(known)).toList();
        if (own.isEmpty()) {
            return;
        }
        // Whoever takes the id later has a higher epoch.
        if (own.stream()
                .allMatch(each -> each.isBefore(known) || each.producer.producerEpoch() == known.producerEpoch())) {
            throw unknown(own);
        }
        throw new Failure(
                Failure.Kind.TEMPORARY,
                cannotGoOn(),
                "another process has begun a transaction of " + id,
                "stop that process, or run the same command again if it has ended");
    }

    /** What is known of the id's last transaction, after its end if that is near; null if nothing is. */
    private @Nullable TransactionDescription ended() {
        return ended(() -> described(id), System::nanoTime);
    }

    /**
     * The same.
     *
     * @param look tells what is known now
     * @param clock in nanoseconds
     */
    static @Nullable TransactionDescription ended(Supplier<@Nullable TransactionDescription> look, LongSupplier clock) {
        long end = clock.getAsLong() + UNTIL_ENDED.toNanos();
        TransactionDescription known = look.get();
        while (known != null && ENDING.contains(known.state()) && clock.getAsLong() < end) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            known = look.get();
        }
        return known;
    }

    private @Nullable TransactionDescription described(String transactionalId) {
        try {
            return cluster.answer(
                    "cannot ask for transactions",
                    cluster.admin()
                            .describeTransactions(List.of(transactionalId))
                            .description(transactionalId));
        } catch (Failure e) {
            throwIfTemporary(e);
            // An id that was never used, a broker that can't be asked (before 3.0), or a user who may not know.
            return null;
        }
    }

    private static void throwIfTemporary(Failure failure) {
        if (failure.kind() == Failure.Kind.TEMPORARY) {
            throw failure;
        }
    }

    private List<Open> open() {
        List<Open> open = new ArrayList<>();
        cluster.topic(topics.get(0)).ifPresent(found -> open.addAll(openIn(found.all())));
        open.addAll(openIn(ofOffsets()));
        topics.stream().skip(1).forEach(topic -> open.addAll(openIn(ledPartitions(topic))));
        return open;
    }

    /** The partition that has the group's offsets; not everybody may know, and whoever reads them waits. */
    private List<TopicPartition> ofOffsets() {
        try {
            return cluster.topic(Coordinator.OFFSETS)
                    .map(found -> List.of(found.all().get(Coordinator.partition(group, found.partitions()))))
                    .orElse(List.of());
        } catch (Failure e) {
            throwIfTemporary(e);
            return List.of();
        }
    }

    /** Those that answer: of a topic that may never be needed the others do not matter. */
    private List<TopicPartition> ledPartitions(String topic) {
        try {
            return List.copyOf(
                    cluster.leaders("cannot look up topic " + topic, topic).keySet());
        } catch (Failure e) {
            return List.of();
        }
    }

    private List<Open> openIn(Collection<TopicPartition> partitions) {
        List<Open> open = new ArrayList<>();
        try {
            cluster.answer(
                            "cannot ask for open transactions",
                            cluster.admin().describeProducers(partitions).all())
                    .forEach((partition, state) -> state.activeProducers().stream()
                            .filter(each -> each.currentTransactionStartOffset().isPresent())
                            .forEach(each -> open.add(new Open(partition, each))));
        } catch (Failure e) {
            throwIfTemporary(e);
        }
        return open;
    }

    private void endOwn(List<Open> own, TransactionDescription known) {
        if (own.isEmpty()) {
            return;
        }
        TransactionResult result = result(known);
        if (result == null || !own.stream().allMatch(each -> each.isLast(known))) {
            throw isBeingEnded(known) ? notYet() : unknown(own);
        }
        for (Open each : own) {
            if (!end(each, result)) {
                throw denied(own, result);
            }
        }
    }

    /** A decision shows in the epoch before it shows in the state, and the partitions hear of it last. */
    private boolean isBeingEnded(TransactionDescription known) {
        TransactionDescription now = described(id);
        return now == null
                || ENDING.contains(now.state())
                || now.state() != known.state()
                || now.producerEpoch() != known.producerEpoch();
    }

    private static @Nullable TransactionResult result(TransactionDescription known) {
        return switch (known.state()) {
            case COMPLETE_COMMIT -> TransactionResult.COMMIT;
            case COMPLETE_ABORT -> TransactionResult.ABORT;
            default -> null;
        };
    }

    private void endOthers(List<Open> others) {
        for (TransactionDescription known : ownersOf(others)) {
            TransactionResult result = result(known);
            if (result != null) {
                others.stream().filter(each -> each.isLast(known)).forEach(each -> endIfPossible(each, result));
            }
        }
    }

    private void endIfPossible(Open open, TransactionResult result) {
        try {
            end(open, result);
        } catch (Failure e) {
            // At worst it blocks readers.
            return;
        }
    }

    /** What is known of those workers of the group whose transactions these are. */
    private List<TransactionDescription> ownersOf(List<Open> open) {
        List<TransactionDescription> owners = new ArrayList<>();
        if (open.isEmpty()) {
            return owners;
        }
        ListTransactionsOptions these = new ListTransactionsOptions()
                .filterProducerIds(
                        open.stream().map(each -> each.producer().producerId()).collect(Collectors.toSet()));
        try {
            for (KafkaFuture<Collection<TransactionListing>> ofBroker : cluster.answer(
                            "cannot list transactions",
                            cluster.admin().listTransactions(these).byBrokerId())
                    .values()) {
                for (TransactionListing each : cluster.answer("cannot list transactions", ofBroker)) {
                    TransactionDescription known =
                            each.transactionalId().startsWith(ClusterNames.workerTransactionalIds(group))
                                    ? described(each.transactionalId())
                                    : null;
                    if (known != null) {
                        owners.add(known);
                    }
                }
            }
        } catch (Failure e) {
            return owners;
        }
        return owners;
    }

    private boolean end(Open open, TransactionResult result) {
        Node leader = cluster.leader("cannot end a transaction", open.partition());
        return TransactionMarker.write(settings, leader, open.partition(), open.producer(), result, settings.timeout());
    }

    private String cannotGoOn() {
        return "cannot go on in topic " + topics.get(0);
    }

    private Failure notYet() {
        return new Failure(
                Failure.Kind.TEMPORARY,
                cannotGoOn(),
                "the last transaction of " + id + " is decided, but not all partitions know the decision",
                "check that all brokers are up; run the same command again");
    }

    private Failure unknown(List<Open> own) {
        return refusal(
                own,
                "though it was ended, and whether it was committed is not known any more",
                "nothing is sent; if it was aborted, run " + commands(own)
                        + ", then the same command again; if it was committed, that would lose its records:"
                        + " `kstage verify` tells");
    }

    private Failure denied(List<Open> own, TransactionResult result) {
        return refusal(
                own,
                result == TransactionResult.ABORT ? "though it was aborted" : "though it was committed",
                "nothing is sent; run the same command as a user with the permission Alter on the cluster"
                        + (result == TransactionResult.ABORT ? "; or first run " + commands(own) : ""));
    }

    private Failure refusal(List<Open> own, String how, String remedy) {
        TopicPartition first = own.get(0).partition();
        return new Failure(
                Failure.Kind.FAILED,
                cannotGoOn(),
                "a transaction of " + id + " is still open in partition " + first.partition() + " of " + first.topic()
                        + ", " + how + " (KAFKA-20734)",
                remedy);
    }

    private String commands(List<Open> own) {
        return own.stream()
                .map(each -> "`kafka-transactions.sh --bootstrap-server " + settings.bootstrapServers()
                        + " abort --topic " + each.partition().topic() + " --partition "
                        + each.partition().partition() + " --start-offset "
                        + each.producer().currentTransactionStartOffset().orElse(0) + "`")
                .collect(Collectors.joining(" and "));
    }
}
