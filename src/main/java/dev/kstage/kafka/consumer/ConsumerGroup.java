package dev.kstage.kafka.consumer;

import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.GroupMembership;
import dev.kstage.kafka.client.OffsetMetadata;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.diagnosis.Coordinator;
import dev.kstage.report.Failure;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The consumer group of a run.
 *
 * @param group its id
 * @param sinkId the sink whose position it shows; a group shows the position of one sink only
 * @param role what the group's offsets are to the run
 * @param membership how the run is a member of the group, or null if it reads all partitions itself
 */
public record ConsumerGroup(
        String group, String sinkId, Role role, @Nullable GroupMembership membership) {
    /** What the committed offsets of the group mean to a run. */
    public enum Role {
        /** They only show the lag; the sink stores the position. */
        REPORT_ONLY,
        /** A run resumes at them, because the sink stores no position: at least once. */
        POSITION,
        /** They are the position; the sink commits them together with its records. */
        OF_SINK
    }

    /** The group of a run that reads all partitions itself, and whose sink stores the offsets. */
    public static ConsumerGroup reportOnly(String group, String sinkId) {
        return new ConsumerGroup(group, sinkId, Role.REPORT_ONLY, null);
    }

    /**
     * Fails if the group has offsets of the topic already. To be called before a sink is created.
     *
     * @throws Failure if it holds offsets of a sink or of another application, or they can't be read
     */
    public static void refuseUsed(ClientSettings settings, Topic topic, String group) {
        try (Cluster cluster = Cluster.connect(settings)) {
            Map<TopicPartition, OffsetAndMetadata> offsets = cluster.offsetsOf(group);
            offsets.keySet().retainAll(topic.all());
            offsets.values().forEach(each -> reportOnly(group, "").refuseOther(each.metadata()));
        }
    }

    /**
     * Fails if the metadata of a committed offset shows that this run must not commit to the group.
     *
     * @throws Failure if it holds offsets of another sink or of another application
     */
    void refuseOther(String metadata) {
        if (OffsetMetadata.isOfAnotherSink(metadata, sinkId)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "group " + group + " holds offsets of another sink",
                    "a group can hold the offsets of one sink only",
                    "choose another --group, or omit it: then kstage chooses one");
        }
        if (!resumes() && !OffsetMetadata.isOurs(metadata)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "group " + group + " holds offsets of another application",
                    "committing would change where that application resumes",
                    "choose another --group, or omit it: then kstage chooses one");
        }
    }

    /** The metadata of a committed offset that only reports progress. */
    public String metadata() {
        return OffsetMetadata.of(sinkId);
    }

    /** The metadata of a committed offset that is the position, with the partition count when the sink was created. */
    public String metadata(int initialPartitions) {
        return OffsetMetadata.of(sinkId, initialPartitions);
    }

    /** What a member waits for before its first assignment, as the rest of a sentence. */
    String waiting() {
        return "group " + group + " to assign partitions" + whenOneIsKilled();
    }

    /** What a member waits for after it has read its partitions, as the rest of a sentence. */
    String waitingForOthers() {
        return "other workers of group " + group + whenOneIsKilled();
    }

    private String whenOneIsKilled() {
        return isOfConsumerProtocol()
                ? " (the partitions of a killed worker are reassigned after the broker's session timeout, usually 45 s)"
                : "";
    }

    Coordinator coordinator(ClientSettings settings) {
        return Coordinator.ofGroup(settings, group);
    }

    boolean isOfConsumerProtocol() {
        return membership != null && membership.isOfConsumerProtocol();
    }

    boolean resumes() {
        return role == Role.POSITION;
    }
}
