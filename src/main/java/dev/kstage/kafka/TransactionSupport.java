package dev.kstage.kafka;

import dev.kstage.report.Failure;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What a cluster knows of transactions, as far as it says so to this user. */
public final class TransactionSupport {
    private static final int SAFE_VERSION = 2;
    private static final Set<TransactionState> COMMITTED =
            EnumSet.of(TransactionState.PREPARE_COMMIT, TransactionState.COMPLETE_COMMIT);
    private static final Set<TransactionState> ENDING =
            EnumSet.of(TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    private final Admin admin;
    private final Cluster cluster;
    private final BrokerRequests requests;

    TransactionSupport(Admin admin, Cluster cluster, BrokerRequests requests) {
        this.admin = admin;
        this.cluster = cluster;
        this.requests = requests;
    }

    /**
     * To be called before anything is made for a run that rests on transactions.
     *
     * @param what the run, as in "cannot …"
     * @throws Failure if the cluster is too old to keep what they promise
     */
    public void require(String what) {
        if (requests.areOlderThan(Release.EXACTLY_ONCE)) {
            throw Release.EXACTLY_ONCE.required(
                    what, "is the first whose transactions keep records and a position together (KIP-447)", "");
        }
    }

    /**
     * What the cluster knows of a run before another attempt opens it. Each attempt commits its checkpoint
     * before it sends anything, so records of the run tell of a commit too, whatever became of them.
     *
     * @param topic the run's, if it is there
     */
    RunSink.Past past(RunSink.Run run, @Nullable Topic topic) {
        String id = run.transactionalId();
        boolean hasCommitted = false;
        boolean isSettled = true;
        try {
            TransactionDescription last = cluster.answer(
                    "cannot ask for transactions",
                    admin.describeTransactions(List.of(id)).description(id));
            isSettled = !ENDING.contains(last.state());
            hasCommitted = COMMITTED.contains(last.state())
                    || (topic != null && (isIn(topic, last.topicPartitions()) || hasSent(last.producerId(), topic)));
        } catch (Failure e) {
            // An id that was never used, or a broker that can't be asked (before 3.0).
            isSettled = true;
        }
        // Only now: what was committed by then is seen.
        return new RunSink.Past(cluster.offsetsOf(run.group()), hasCommitted, isSettled);
    }

    /**
     * Refuses to go on where an earlier transaction of an id is open in a partition though the cluster has ended it:
     * the next one that is committed there would take its records with it. So it is where a broker that has just
     * come up ended it while the partition had no leader (KAFKA-20734).
     *
     * @throws Failure if there is one, or nobody answers
     */
    void refuseLeftOpen(String id, String topic) {
        SortedMap<Integer, Long> left = new TreeMap<>();
        try {
            long producer = cluster.answer(
                            "cannot ask for transactions",
                            admin.describeTransactions(List.of(id)).description(id))
                    .producerId();
            Topic found = cluster.topic(topic).orElse(null);
            if (found == null) {
                return;
            }
            producersOf(found).forEach((partition, state) -> state.activeProducers().stream()
                    .filter(each -> each.producerId() == producer)
                    .flatMapToLong(each -> each.currentTransactionStartOffset().stream())
                    .forEach(offset -> left.put(partition.partition(), offset)));
        } catch (Failure e) {
            if (e.kind() == Failure.Kind.TEMPORARY) {
                throw e;
            }
            // A broker that can't be asked (before 3.0), or a user who may not know.
            return;
        }
        if (!left.isEmpty()) {
            int partition = left.firstKey();
            long offset = left.getOrDefault(partition, 0L);
            throw new Failure(
                    Failure.Kind.FAILED,
                    "cannot go on in topic " + topic,
                    "an earlier transaction of " + id + " is still open in partition " + partition + " from offset "
                            + offset + ", though the cluster has ended it (KAFKA-20734)",
                    "nothing is sent, since what it holds would come into view; `kafka-transactions.sh abort --topic "
                            + topic + " --partition " + partition + " --start-offset " + offset
                            + "` gives up what it holds, and then the same command goes on");
        }
    }

    private static boolean isIn(Topic topic, Set<TopicPartition> partitions) {
        return partitions.stream().anyMatch(each -> each.topic().equals(topic.name()));
    }

    /** Partitions remember a producer for a day. */
    private boolean hasSent(long producer, Topic topic) {
        return producersOf(topic).values().stream()
                .flatMap(each -> each.activeProducers().stream())
                .anyMatch(each -> each.producerId() == producer);
    }

    private Map<TopicPartition, PartitionProducerState> producersOf(Topic topic) {
        List<TopicPartition> partitions = IntStream.range(0, topic.partitions())
                .mapToObj(number -> new TopicPartition(topic.name(), number))
                .toList();
        return cluster.answer(
                "cannot ask for the producers of " + topic.name(),
                admin.describeProducers(partitions).all());
    }

    /** What the user should know about transactions here. */
    public Optional<String> warning() {
        try {
            FinalizedVersionRange version = cluster.answer(
                            "cannot ask for features", admin.describeFeatures().featureMetadata())
                    .finalizedFeatures()
                    .get("transaction.version");
            return version != null && version.maxVersionLevel() >= SAFE_VERSION
                    ? Optional.empty()
                    : Optional.of("the cluster has transaction.version "
                            + (version == null ? 0 : version.maxVersionLevel())
                            + ": below 2 a message that is delayed in the network can tear a transaction (KIP-890)");
        } catch (Failure e) {
            return Optional.empty();
        }
    }
}
