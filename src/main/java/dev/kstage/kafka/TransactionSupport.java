package dev.kstage.kafka;

import dev.kstage.report.Failure;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
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

    private final ClientSettings settings;
    private final Admin admin;
    private final Cluster cluster;
    private final BrokerRequests requests;

    TransactionSupport(ClientSettings settings, Admin admin, Cluster cluster, BrokerRequests requests) {
        this.settings = settings;
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
        if (requests.areOlderThan(BrokerVersion.EXACTLY_ONCE)) {
            throw BrokerVersion.EXACTLY_ONCE.required(
                    what, "is the first whose transactions keep records and a position together (KIP-447)", "");
        }
    }

    /**
     * What the cluster knows of a run before another attempt opens it. Each attempt commits its checkpoint
     * before it sends anything, so records of the run tell of a commit too, whatever became of them.
     *
     * @param topic the run's, if it is there
     */
    ResumableTopicSink.Past past(ResumableTopicSink.Run run, @Nullable Topic topic) {
        String id = run.transactionalId();
        if (topic != null) {
            settle(run, topic);
        }
        boolean hasCommitted = false;
        boolean isSettled = true;
        try {
            TransactionDescription last = cluster.answer(
                    "cannot ask for transactions",
                    admin.describeTransactions(List.of(id)).description(id));
            isSettled = !HangingTransactions.ENDING.contains(last.state());
            hasCommitted = COMMITTED.contains(last.state())
                    || (topic != null && (isIn(topic, last.topicPartitions()) || hasSent(last.producerId(), topic)));
        } catch (Failure e) {
            Coordinator.ofTransactions(settings, id).throwIfNone(e);
            // An id that was never used, or a broker that can't be asked (before 3.0).
            isSettled = true;
        }
        // Only now: what was committed by then is seen.
        return new ResumableTopicSink.Past(cluster.offsetsOf(run.group()), hasCommitted, isSettled);
    }

    /** So that the checkpoint is read even where the cluster has committed it and left it open. */
    private void settle(ResumableTopicSink.Run run, Topic topic) {
        try {
            leftOpen(run.transactionalId(), run.group(), List.of(topic.name())).settle();
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.TEMPORARY) {
                throw e;
            }
            Coordinator.ofTransactions(settings, run.transactionalId()).throwIfNone(e);
            // It is tried again, with more patience, when the run is opened.
        }
    }

    /** To look after what an id's earlier transactions have left. */
    HangingTransactions leftOpen(String id, String group, List<String> topics) {
        return new HangingTransactions(settings, admin, cluster, id, group, topics);
    }

    private static boolean isIn(Topic topic, Set<TopicPartition> partitions) {
        return partitions.stream().anyMatch(each -> each.topic().equals(topic.name()));
    }

    /** Partitions remember a producer for a day. */
    private boolean hasSent(long producer, Topic topic) {
        return cluster
                .answer(
                        "cannot ask for the producers of " + topic.name(),
                        admin.describeProducers(topic.all()).all())
                .values()
                .stream()
                .flatMap(each -> each.activeProducers().stream())
                .anyMatch(each -> each.producerId() == producer);
    }

    /**
     * Whether each transaction has an epoch of its own (KIP-890); false where nobody may tell.
     *
     * @throws Failure if nobody answers
     */
    boolean isSafe() {
        try {
            return version() >= SAFE_VERSION;
        } catch (Failure e) {
            if (e.kind() == Failure.Kind.TEMPORARY) {
                throw e;
            }
            return false;
        }
    }

    /** What the user should know about transactions here. */
    public Optional<String> warning() {
        try {
            int version = version();
            return version >= SAFE_VERSION
                    ? Optional.empty()
                    : Optional.of("the cluster has transaction.version " + version
                            + ": below 2 a message that is delayed in the network can tear a transaction (KIP-890)");
        } catch (Failure e) {
            return Optional.empty();
        }
    }

    private int version() {
        FinalizedVersionRange version = cluster.answer(
                        "cannot ask for features", admin.describeFeatures().featureMetadata())
                .finalizedFeatures()
                .get("transaction.version");
        return version == null ? 0 : version.maxVersionLevel();
    }
}
