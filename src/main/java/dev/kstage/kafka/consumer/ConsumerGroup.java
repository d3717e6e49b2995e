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
    /** What committed offsets are to a run. */
    public enum Role {
        /** They show the lag; the sink has the position. */
        REPORT_ONLY,
        /** They are where a run goes on, since the sink owns no position: at least once. */
        POSITION,
        /** They are the position, and the sink commits them itself, with its records. */
        OF_SINK
    }

    /** A run that reads all partitions by itself, of a sink that has the position. */
    public static ConsumerGroup reportOnly(String group, String sinkId) {
        return new ConsumerGroup(group, sinkId, Role.REPORT_ONLY, null);
    }

    /**
     * Refuses a group that has offsets of the topic already, for a sink that is about to be born with it.
     *
     * @throws Failure if it shows the position of a sink, or belongs to another program; or that can't be told
     */
    public static void refuseUsed(ClientSettings settings, Topic topic, String group) {
        try (Cluster cluster = Cluster.connect(settings)) {
            Map<TopicPartition, OffsetAndMetadata> offsets = cluster.offsetsOf(group);
            offsets.keySet().retainAll(topic.all());
            offsets.values().forEach(each -> reportOnly(group, "").refuseOther(each.metadata()));
        }
    }

    /**
     * Refuses metadata of an offset of the group that this run may not move.
     *
     * @throws Failure if it shows the position of another sink, or belongs to another program
     */
    void refuseOther(String metadata) {
        if (OffsetMetadata.isOfAnotherSink(metadata, sinkId)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "group " + group + " shows the position of another output",
                    "it was used with one before, and one group can show one position only",
                    "choose another --group, or leave it out to have one made");
        }
        if (!resumes() && !OffsetMetadata.isOurs(metadata)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "group " + group + " belongs to another program",
                    "it has offsets that kstage did not commit, and showing this run's would move that program",
                    "choose another --group, or leave it out to have one made");
        }
    }

    /** What stands in the metadata of an offset commit. */
    public String metadata() {
        return OffsetMetadata.of(sinkId);
    }

    /** The same where the offset is the position itself: with the number of partitions when the sink was born. */
    public String metadata(int initialPartitions) {
        return OffsetMetadata.of(sinkId, initialPartitions);
    }

    /** What a member waits for at first, as the rest of a sentence. */
    String waiting() {
        return "group " + group + " to share out the partitions" + whenOneIsKilled();
    }

    /** What a member waits for that has read its share. */
    String waitingForOthers() {
        return "other workers of group " + group + whenOneIsKilled();
    }

    private String whenOneIsKilled() {
        return isOfConsumerProtocol()
                ? " (the partitions of a killed one move after the broker's session time-out, mostly 45 s)"
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
