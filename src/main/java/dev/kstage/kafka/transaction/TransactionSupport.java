package dev.kstage.kafka.transaction;

import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.BrokerVersion;
import dev.kstage.report.Failure;
import java.util.Optional;
import org.apache.kafka.clients.admin.FinalizedVersionRange;

/** What the transactions of a cluster support, as far as it tells this user. */
public final class TransactionSupport {
    private static final int SAFE_VERSION = 2;

    private final Cluster cluster;

    public TransactionSupport(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * To be called before anything is made for a run that rests on transactions.
     *
     * @param what the run, as in "cannot …"
     * @throws Failure if the cluster is too old to keep what they promise
     */
    public void require(String what) {
        if (cluster.isOlderThan(BrokerVersion.EXACTLY_ONCE)) {
            throw BrokerVersion.EXACTLY_ONCE.required(
                    what, "is the first release whose transactions hold records and offsets of a group (KIP-447)", "");
        }
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
                            + ": below 2 a delayed message can split a transaction (KIP-890)");
        } catch (Failure e) {
            return Optional.empty();
        }
    }

    private int version() {
        FinalizedVersionRange version = cluster.answer(
                        "cannot ask for features",
                        cluster.admin().describeFeatures().featureMetadata())
                .finalizedFeatures()
                .get("transaction.version");
        return version == null ? 0 : version.maxVersionLevel();
    }
}
