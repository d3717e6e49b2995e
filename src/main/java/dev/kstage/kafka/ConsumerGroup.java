package dev.kstage.kafka;

import dev.kstage.report.Failure;
import java.time.Duration;
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
 * @param sharing how the run shares the topic's partitions with others of the group, or null if it reads
 *     all of them by itself
 */
public record ConsumerGroup(
        String group, String sinkId, Role role, @Nullable Sharing sharing) {
    /** What committed offsets are to a run. */
    public enum Role {
        /** They show the lag; the sink has the position. */
        REPORT_ONLY,
        /** They are where a run goes on, since the sink owns no position: at least once. */
        POSITION,
        /** They are the position, and the sink commits them itself, with its records. */
        OF_SINK
    }

    /**
     * Membership of a group.
     *
     * @param protocol {@code classic} or {@code consumer} (KIP-848)
     * @param instance the name of this member that outlives its process (KIP-345), or null for none
     * @param commitInterval how long a member that is well may go without a commit
     */
    public record Sharing(String protocol, @Nullable String instance, Duration commitInterval) {
        /** The protocol of groups whose members choose who gets what. */
        public static final String CLASSIC = "classic";
        /** The protocol of KIP-848. */
        public static final String CONSUMER = "consumer";
    }

    private static final String PREFIX = "kstage:";

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
        if (isOfAnotherSink(metadata)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "group " + group + " shows the position of another output",
                    "it was used with one before, and one group can show one position only",
                    "choose another --group, or leave it out to have one made");
        }
        if (!resumes() && !isOurs(metadata)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "group " + group + " belongs to another program",
                    "it has offsets that kstage did not commit, and showing this run's would move that program",
                    "choose another --group, or leave it out to have one made");
        }
    }

    /** What stands in the metadata of an offset commit. */
    String metadata() {
        return PREFIX + sinkId;
    }

    /** The same where the offset is the position itself: with the number of partitions when the sink was born. */
    String metadata(int initialPartitions) {
        return metadata() + ":" + initialPartitions;
    }

    /** The number of partitions that {@link #metadata(int)} was made with, or -1. */
    static int initialPartitions(String metadata) {
        String[] parts = metadata.split(":", -1);
        return parts.length == 3 && parts[2].matches("\\d{1,9}") ? Integer.parseInt(parts[2]) : -1;
    }

    /** Whether an offset with this metadata was committed by kstage at all. */
    static boolean isOurs(String metadata) {
        return metadata.startsWith(PREFIX);
    }

    /** Whether an offset with this metadata shows the position of another sink of kstage. */
    boolean isOfAnotherSink(String metadata) {
        return metadata.startsWith(PREFIX)
                && !metadata.substring(PREFIX.length()).split(":", -1)[0].equals(sinkId);
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
        return sharing != null && sharing.protocol().equals(Sharing.CONSUMER);
    }

    boolean resumes() {
        return role == Role.POSITION;
    }
}
