package dev.kstage.kafka.exactlyonce;

import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.ClusterNames;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.transaction.GroupOffsets;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Progress of groups and runs, for commands that only look. It takes over and commits nothing. */
public final class GroupProgress {
    private GroupProgress() {}

    /**
     * The progress of a run of {@code produce}.
     *
     * @param events of how many it is known that they were committed
     * @param seed of its events; nothing if they were not made up
     * @param parameters by the names of the options, as they are stored
     */
    public record OfRun(long events, boolean finished, OptionalLong seed, SortedMap<String, String> parameters) {
        /** Whether it was given these values, by the names of the options. */
        public boolean hasBeenGiven(Map<String, String> values) {
            return new RunParameters(parameters).contain(RunParameters.of(values));
        }
    }

    /** The committed offsets of a group in a topic. */
    public static Positions ofGroup(ClientSettings settings, Topic topic, String group) {
        Map<Integer, Position> positions = new HashMap<>();
        committed(settings, topic, group)
                .forEach((partition, offset) -> positions.put(partition.partition(), Position.at(offset.offset())));
        return Positions.of(positions);
    }

    /**
     * The checkpoint of a run that sends to a topic.
     *
     * @throws Failure if there is none
     */
    public static OfRun ofRun(ClientSettings settings, Topic topic, String runId) {
        return findRun(settings, topic, runId).orElseThrow(() -> unknown("run " + runId + " to " + topic.name()));
    }

    /** The checkpoint of a run that sends to a topic, or nothing if there is none. */
    public static Optional<OfRun> findRun(ClientSettings settings, Topic topic, String runId) {
        Checkpoint checkpoint;
        try {
            checkpoint = Checkpoint.of(topic.name(), committed(settings, topic, ClusterNames.runGroup(runId)));
        } catch (IllegalArgumentException e) {
            checkpoint = null;
        }
        return Optional.ofNullable(checkpoint)
                .map(found -> new OfRun(
                        found.delivered().records(),
                        found.finished(),
                        found.parameters().seed(),
                        found.parameters().stored()));
    }

    /**
     * The topic that a run sends to.
     *
     * @throws Failure if there is no such run, or its group has offsets of more than one topic
     */
    public static String topicOfRun(ClientSettings settings, String runId) {
        SortedSet<String> topics;
        try (Cluster cluster = Cluster.connect(settings)) {
            topics = new TreeSet<>(cluster.topicsOf(ClusterNames.runGroup(runId)));
        }
        if (topics.isEmpty()) {
            throw unknown("run " + runId);
        }
        if (topics.size() > 1) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "which run " + runId + " is meant is not known",
                    "it sends to each of " + String.join(", ", topics),
                    "name the topic with --topic");
        }
        return topics.first();
    }

    private static Failure unknown(String run) {
        return new Failure(
                Failure.Kind.USAGE,
                "there is no " + run,
                "the cluster has no checkpoint of it; a checkpoint expires 7 days after the last attempt",
                "check the id and --topic, or name the run by its report with --producer-report");
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(
            ClientSettings settings, Topic topic, String group) {
        try (GroupOffsets offsets = new GroupOffsets(settings, group, new StageProgress(), () -> false)) {
            return offsets.decided(topic.all());
        }
    }
}
