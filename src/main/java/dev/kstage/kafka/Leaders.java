package dev.kstage.kafka;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * The leaders of a topic's partitions. Brokers tell of a leader a moment before it takes records. A new
 * producer that has sent two batches by then may have the first refused and the second taken, for a
 * broker that does not know the producer begins with any sequence number. The gap can't be closed: the
 * first is refused until its time-out, and other partitions of that broker wait with it.
 */
final class Leaders {
    private Leaders() {}

    /** Waits until they answer; one that a partition does not have at all is not waited for. */
    static void await(Admin admin, String topic) throws InterruptedException {
        try {
            TopicDescription found =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            if (found == null) {
                return;
            }
            Map<TopicPartition, OffsetSpec> led = found.partitions().stream()
                    .filter(partition ->
                            partition.leader() != null && !partition.leader().isEmpty())
                    .collect(Collectors.toMap(
                            partition -> new TopicPartition(topic, partition.partition()),
                            partition -> OffsetSpec.latest()));
            // Only the leader itself answers this, and the client asks until it does.
            admin.listOffsets(led).all().get();
        } catch (ExecutionException e) {
            // What is wrong shows, and is told, where records are sent.
            return;
        }
    }
}
