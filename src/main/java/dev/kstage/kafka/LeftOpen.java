package dev.kstage.kafka;

import dev.kstage.report.Failure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster has left open of transactions that it ended. One that it ends while a partition has no leader, as
 * when a broker has just come up, stays open there (KAFKA-20734, in Kafka 4.3.1): readers of committed records wait
 * for it, and the next transaction of the same id that is committed there takes its records along.
 *
 * <p>Made before an id is taken, which wipes out how its last transaction ended.
 */
final class LeftOpen {
    private static final Set<TransactionState> ABORTED = EnumSet.of(
            // This one by the start itself.
            TransactionState.ONGOING,
            TransactionState.PREPARE_EPOCH_FENCE,
            TransactionState.PREPARE_ABORT,
            TransactionState.COMPLETE_ABORT);
    private static final Set<TransactionState> COMMITTED =
            EnumSet.of(TransactionState.PREPARE_COMMIT, TransactionState.COMPLETE_COMMIT);

    private final Admin admin;
    private final Cluster cluster;
    private final String id;
    private final String group;
    private final Map<TopicPartition, OffsetAndMetadata> offsets;
    private final @Nullable TransactionDescription last;

    /** A transaction that a partition takes for open. */
    private record Open(TopicPartition partition, ProducerState producer) {
        boolean isOf(long producerId) {
            return producer.producerId() == producerId;
        }

        /** Whether it is the last one of its producer: each has an epoch of its own (KIP-890). */
        boolean isLast(TransactionDescription known) {
            int ended = known.state() == TransactionState.ONGOING ? 0 : 1;
            return producer.producerEpoch() == known.producerEpoch() - ended;
        }

        String command() {
            return "`kafka-transactions.sh abort --topic " + partition.topic() + " --partition " + partition.partition()
                    + " --start-offset "
                    + producer.currentTransactionStartOffset().orElse(0) + "`";
        }
    }

    /** @param group whose offsets each transaction of the id moves */
    LeftOpen(Admin admin, Cluster cluster, String id, String group) {
        this.admin = admin;
        this.cluster = cluster;
        this.id = id;
        this.group = group;
        // In this order: what is committed after the second answer shows in the offsets.
        this.offsets = cluster.offsetsOf(group);
        this.last = described(id);
    }

    private @Nullable TransactionDescription described(String transactionalId) {
        try {
            return cluster.answer(
                    "cannot ask for transactions",
                    admin.describeTransactions(List.of(transactionalId)).description(transactionalId));
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

    /**
     * Aborts what was aborted, to be called when the id is taken.
     *
     * @param topics where transactions of the id put records
     * @throws Failure if one of the id may have been committed, or this user may not abort it; or nobody answers
     */
    void end(Collection<String> topics) {
        List<Open> open = new ArrayList<>();
        topics.forEach(topic -> cluster.topic(topic).ifPresent(found -> open.addAll(openIn(found.all()))));
        open.addAll(openInOffsets());
        TransactionDescription known = last;
        long producerId = known == null ? -1 : known.producerId();
        endOthers(open.stream().filter(each -> !each.isOf(producerId)).toList());
        List<Open> own = open.stream().filter(each -> each.isOf(producerId)).toList();
        if (known != null && !own.isEmpty()) {
            endOwn(own, known);
        }
    }

    private List<Open> openIn(List<TopicPartition> partitions) {
        List<Open> open = new ArrayList<>();
        try {
            cluster.answer(
                            "cannot ask for open transactions",
                            admin.describeProducers(partitions).all())
                    .forEach((partition, state) -> state.activeProducers().stream()
                            .filter(each -> each.currentTransactionStartOffset().isPresent())
                            .forEach(each -> open.add(new Open(partition, each))));
        } catch (Failure e) {
            throwIfTemporary(e);
        }
        return open;
    }

    /** The offsets ride in a topic of the cluster's own, which not everybody may look at; whoever reads them waits. */
    private List<Open> openInOffsets() {
        try {
            return cluster.topic(Topic.GROUP_METADATA_TOPIC_NAME)
                    .map(found -> openIn(List.of(found.all().get(Utils.abs(group.hashCode()) % found.partitions()))))
                    .orElse(List.of());
        } catch (Failure e) {
            return List.of();
        }
    }

    private void endOwn(List<Open> own, TransactionDescription known) {
        // Whoever takes the id later has a higher epoch.
        if (own.stream().anyMatch(each -> each.producer().producerEpoch() > known.producerEpoch())) {
            throw new Failure(
                    Failure.Kind.TEMPORARY,
                    "cannot go on in topic " + own.get(0).partition().topic(),
                    "another process has begun a transaction of " + id,
                    "see that it is meant to; else run the same command again");
        }
        boolean isLast = own.stream().allMatch(each -> each.isLast(known))
                && cluster.transactions().isSafe();
        if (isLast && COMMITTED.contains(known.state())) {
            throw refusal(own, "was committed", null);
        }
        if (!isLast || !ABORTED.contains(known.state()) || !offsets.equals(cluster.offsetsOf(group))) {
            throw refusal(own, "was ended, and whether it was committed is not known any more", null);
        }
        for (Open each : own) {
            try {
                abort(each);
            } catch (Failure e) {
                throwIfTemporary(e);
                throw refusal(own, "was aborted, and this can't be told to the partition: " + e.why(), e);
            }
        }
    }

    /** Those of kstage whose id nobody may ever take again. */
    private void endOthers(List<Open> others) {
        if (others.isEmpty() || !cluster.transactions().isSafe()) {
            return;
        }
        try {
            ListTransactionsOptions aborted = new ListTransactionsOptions()
                    .filterProducerIds(others.stream()
                            .map(each -> each.producer().producerId())
                            .collect(Collectors.toSet()))
                    .filterStates(Set.of(TransactionState.COMPLETE_ABORT));
            for (TransactionListing listed : cluster.answer(
                    "cannot list transactions", admin.listTransactions(aborted).all())) {
                TransactionDescription known =
                        listed.transactionalId().startsWith("kstage") ? described(listed.transactionalId()) : null;
                if (known != null && known.state() == TransactionState.COMPLETE_ABORT) {
                    others.stream()
                            .filter(each -> each.isOf(known.producerId()) && each.isLast(known))
                            .forEach(this::abort);
                }
            }
        } catch (Failure e) {
            // They stand in the way of readers at worst, and one that has just ended needs nothing.
            return;
        }
    }

    private void abort(Open open) {
        cluster.answer(
                "cannot abort a transaction",
                admin.abortTransaction(new AbortTransactionSpec(
                                open.partition(),
                                open.producer().producerId(),
                                (short) open.producer().producerEpoch(),
                                open.producer().coordinatorEpoch().orElse(0)))
                        .all());
    }

    private Failure refusal(List<Open> own, String how, @Nullable Failure cause) {
        TopicPartition first = own.get(0).partition();
        return new Failure(
                Failure.Kind.FAILED,
                "cannot go on in topic " + first.topic(),
                "a transaction of " + id + " is still open in partition " + first.partition() + ", though it " + how
                        + " (KAFKA-20734)",
                "nothing is sent, since what it holds would come into view; "
                        + own.stream().map(Open::command).collect(Collectors.joining(", "))
                        + " gives that up, and then the same command goes on"
                        + (cause == null ? ": `kstage verify` tells whether anything is missing" : ""),
                cause);
    }
}
