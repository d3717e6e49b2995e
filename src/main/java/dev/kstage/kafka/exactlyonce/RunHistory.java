package dev.kstage.kafka.exactlyonce;

import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.diagnosis.Coordinator;
import dev.kstage.kafka.transaction.HangingTransactions;
import dev.kstage.report.Failure;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster knows of a run before another attempt opens it, which changes that.
 *
 * @param offsets of the run's group
 * @param hasCommitted whether the run is known to have committed something
 * @param isSettled whether the offsets already show the end of the last transaction
 */
public record RunHistory(
        ResumableRun run, Map<TopicPartition, OffsetAndMetadata> offsets, boolean hasCommitted, boolean isSettled) {
    private static final Set<TransactionState> COMMITTED =
            EnumSet.of(TransactionState.PREPARE_COMMIT, TransactionState.COMPLETE_COMMIT);

    /**
     * Asks the cluster. Each attempt commits its checkpoint before it sends anything. So records of the run prove a
     * commit too, whatever became of their own transaction.
     *
     * @param topic the run's topic, or null if it does not exist
     */
    public static RunHistory of(Cluster cluster, ResumableRun run, @Nullable Topic topic) {
        String id = run.transactionalId();
        if (topic != null) {
            settle(cluster, run, topic);
        }
        boolean hasCommitted = false;
        boolean isSettled = true;
        try {
            TransactionDescription last = cluster.answer(
                    "cannot ask for transactions",
                    cluster.admin().describeTransactions(List.of(id)).description(id));
            isSettled = !HangingTransactions.ENDING.contains(last.state());
            hasCommitted = COMMITTED.contains(last.state())
                    || (topic != null
                            && (isIn(topic, last.topicPartitions()) || hasSent(cluster, last.producerId(), topic)));
        } catch (Failure e) {
            Coordinator.ofTransactions(cluster.settings(), id).throwIfNone(e);
            // An id that was never used, or a broker that can't be asked (before 3.0).
            isSettled = true;
        }
        // Only now: what was committed by then is seen.
        return new RunHistory(run, cluster.offsetsOf(run.group()), hasCommitted, isSettled);
    }

    /** Ends a hanging transaction, so that a checkpoint in it can be read. */
    private static void settle(Cluster cluster, ResumableRun run, Topic topic) {
        try {
            new HangingTransactions(cluster, run.transactionalId(), run.group(), List.of(topic.name())).settle();
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.TEMPORARY) {
                throw e;
            }
            Coordinator.ofTransactions(cluster.settings(), run.transactionalId())
                    .throwIfNone(e);
            // It is tried again, with more patience, when the run is opened.
        }
    }

    private static boolean isIn(Topic topic, Set<TopicPartition> partitions) {
        return partitions.stream().anyMatch(each -> each.topic().equals(topic.name()));
    }

    /** Whether a producer has sent to the topic; partitions remember it for a day. */
    private static boolean hasSent(Cluster cluster, long producer, Topic topic) {
        return cluster
                .answer(
                        "cannot ask for the producers of " + topic.name(),
                        cluster.admin().describeProducers(topic.all()).all())
                .values()
                .stream()
                .flatMap(each -> each.activeProducers().stream())
                .anyMatch(each -> each.producerId() == producer);
    }

    /** The topics that have a checkpoint of the run. */
    Set<String> topics() {
        return offsets.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
    }

    /**
     * Fails if the run has sent something before. To be called for a topic that does not exist: to create it would not
     * bring the records back.
     */
    public void requireNew(String topic) {
        run.requireNoOtherTopic(topic, topics());
        if (hasCommitted) {
            throw run.lapsed();
        }
    }
}
