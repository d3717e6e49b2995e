package dev.kstage.kafka;

import dev.kstage.report.Failure;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.TransactionState;

/** What a cluster knows of transactions, as far as it says so to this user. */
public final class TransactionSupport {
    private static final int SAFE_VERSION = 2;
    private static final Set<TransactionState> COMMITTED =
            EnumSet.of(TransactionState.PREPARE_COMMIT, TransactionState.COMPLETE_COMMIT);

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

    /** Whether the last thing that this run is known to have done is a commit. */
    public boolean hasCommitted(RunSink.Run run) {
        String id = run.transactionalId();
        try {
            return COMMITTED.contains(cluster.answer(
                            "cannot ask for transactions",
                            admin.describeTransactions(List.of(id)).description(id))
                    .state());
        } catch (Failure e) {
            // An id that was never used, or a broker that can't be asked (before 3.0).
            return false;
        }
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
