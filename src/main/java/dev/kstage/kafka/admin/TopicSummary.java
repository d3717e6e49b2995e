package dev.kstage.kafka.admin;

import org.apache.kafka.clients.admin.TopicDescription;

/**
 * A topic in a list.
 *
 * @param replication copies of its first partition
 * @param underReplicated partitions with fewer copies in sync than there should be
 */
public record TopicSummary(String topic, String topicId, int partitions, int replication, int underReplicated) {
    public static TopicSummary of(TopicDescription topic) {
        return new TopicSummary(
                topic.name(),
                topic.topicId().toString(),
                topic.partitions().size(),
                topic.partitions().isEmpty()
                        ? 0
                        : topic.partitions().get(0).replicas().size(),
                (int) topic.partitions().stream()
                        .filter(partition ->
                                partition.isr().size() < partition.replicas().size())
                        .count());
    }
}
