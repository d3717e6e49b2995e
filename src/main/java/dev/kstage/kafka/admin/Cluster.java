package dev.kstage.kafka.admin;

import dev.kstage.kafka.client.Address;
import dev.kstage.kafka.client.BrokerVersion;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.KafkaFailures;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.diagnosis.BrokerHandshake;
import dev.kstage.kafka.diagnosis.Configuration;
import dev.kstage.kafka.diagnosis.Coordinator;
import dev.kstage.kafka.diagnosis.FailureDiagnosis;
import dev.kstage.kafka.diagnosis.Reachability;
import dev.kstage.report.Failure;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** A connection to a cluster, for requests about topics and groups. */
public final class Cluster implements AutoCloseable {
    private static final Duration LEAST = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(50);

    private final ClientSettings settings;
    private final Duration limit;
    private final AdminCalls answers;
    private final Admin admin;

    private Cluster(ClientSettings settings, Duration limit) {
        this.settings = settings;
        this.limit = limit;
        this.answers = new AdminCalls(settings, limit);
        try {
            this.admin = Admin.create(settings.admin(limit));
        } catch (KafkaException e) {
            throw ClientSettings.refused(e);
        }
    }

    /**
     * @throws Failure if no bootstrap server accepts a connection, the cluster is too old, or the settings make
     *     no sense
     */
    public static Cluster connect(ClientSettings settings) {
        // Looking whether anybody is there and asking share one time limit: the user waits once.
        long end = System.nanoTime() + settings.timeout().toNanos();
        Reachability.require(settings);
        if (BrokerHandshake.requests(settings, left(end)).areOlderThan(BrokerVersion.OLDEST)) {
            throw BrokerVersion.OLDEST.required(
                    "cannot use the cluster at " + settings.bootstrapServers(),
                    "is the oldest release that kstage supports",
                    "");
        }
        return new Cluster(settings, left(end));
    }

    private static Duration left(long end) {
        Duration left = Duration.ofNanos(end - System.nanoTime());
        return left.compareTo(LEAST) > 0 ? left : LEAST;
    }

    /**
     * Waits until a cluster that is just starting answers with this many brokers.
     *
     * @param giveUp asked in between: true ends the waiting
     * @return whether it answered
     */
    public static boolean await(ClientSettings settings, int brokers, Duration limit, BooleanSupplier giveUp) {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < end && !giveUp.getAsBoolean()) {
            // Only once the port is open: a client that was refused waits longer before it tries again.
            if (Reachability.isThere(settings.bootstrapServers(), Duration.ofSeconds(1)) && has(settings, brokers)) {
                return true;
            }
            pause(POLL);
        }
        return false;
    }

    private static boolean has(ClientSettings settings, int brokers) {
        try (Cluster cluster = new Cluster(settings, settings.timeout())) {
            return cluster.nodes().size() >= brokers;
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.TEMPORARY) {
                throw e;
            }
            return false;
        }
    }

    private Collection<Node> nodes() {
        return answer("cannot ask for the brokers", admin.describeCluster().nodes());
    }

    /** The topic, or nothing if there is none of that name. */
    public Optional<Topic> topic(String name) {
        try {
            String what = "cannot look up topic " + name;
            TopicDescription found = answers.await(
                            what, admin.describeTopics(List.of(name)).allTopicNames())
                    .get(name);
            if (found == null) {
                return Optional.empty();
            }
            return Optional.of(new Topic(
                    name, found.topicId().toString(), found.partitions().size()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw FailureDiagnosis.of("cannot look up topic " + name, e, settings);
        }
    }

    /**
     * Creates a topic and waits until it is there; {@link #requireLeaders} waits until it takes records.
     *
     * @param partitions how many, or empty for the cluster's default
     * @param replication copies of each partition, or empty for the cluster's default
     * @param config configuration of the topic
     * @return the topic, and whether it was created now and not there before
     */
    public Created create(
            String name, Optional<Integer> partitions, Optional<Short> replication, Map<String, String> config) {
        if ((partitions.isEmpty() || replication.isEmpty()) && isOlderThan(BrokerVersion.TOPIC_DEFAULTS)) {
            throw BrokerVersion.TOPIC_DEFAULTS.required(
                    "cannot create topic " + name,
                    "is the first release that has defaults for partitions and replication",
                    "; or create the topic first, by `kstage topic create` with --partitions and --replication");
        }
        boolean isNew = true;
        try {
            answers.await(
                    "cannot create topic " + name,
                    admin.createTopics(List.of(new NewTopic(name, partitions, replication).configs(config)))
                            .all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw FailureDiagnosis.of("cannot create topic " + name, e, settings);
            }
            isNew = false;
        }
        long end = System.nanoTime() + settings.timeout().toNanos();
        while (System.nanoTime() < end) {
            Optional<Topic> topic = topic(name);
            if (topic.isPresent()) {
                return new Created(topic.get(), isNew);
            }
            pause(POLL);
        }
        throw new Failure(
                Failure.Kind.TEMPORARY,
                "topic " + name + " does not appear",
                "it was created, but no broker knows it after "
                        + settings.timeout().toSeconds() + " s",
                "run the same command again");
    }

    /**
     * Waits until the leaders of a topic that is about to be written to take records.
     *
     * @param partition the only one that is to be written to; empty if any may be
     * @throws Failure if a leader advertises a name that is not known here, so that nothing would get there
     */
    public void requireLeaders(Topic topic, OptionalInt partition) {
        String what = "cannot send to topic " + topic.name();
        // Which broker answers is the client's choice, and it may not have heard of a new topic yet.
        Map<TopicPartition, Node> leaders = leaders(what, topic.name(), settings.timeout());
        if (partition.isPresent()) {
            leaders.keySet().removeIf(each -> each.partition() != partition.getAsInt());
        }
        PartitionLeaders.requireKnown(what, leaders.values(), settings);
        PartitionLeaders.await(admin, leaders);
    }

    /** @throws Failure if the partition has none */
    public Node leader(String what, TopicPartition partition) {
        Node leader = leaders(what, partition.topic()).get(partition);
        if (leader == null) {
            throw new Failure(
                    Failure.Kind.TEMPORARY,
                    what + " in partition " + partition,
                    "it has no leader",
                    "check that all brokers are up; run the same command again");
        }
        return leader;
    }

    /** The leaders that a topic's partitions have now; some may have none. */
    public Map<TopicPartition, Node> leaders(String what, String topic) {
        return leaders(what, topic, Duration.ZERO);
    }

    /** @param patience for a broker that does not know the topic */
    private Map<TopicPartition, Node> leaders(String what, String topic, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                Map<TopicPartition, Node> leaders = new HashMap<>();
                answers.await(what, admin.describeTopics(List.of(topic)).allTopicNames())
                        .values()
                        .forEach(found -> leaders.putAll(PartitionLeaders.of(found)));
                return leaders;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > end) {
                    throw FailureDiagnosis.of(what, e, settings);
                }
                pause(POLL);
            }
        }
    }

    /** Whether a topic is as {@link #create} would have made it, as far as these say. */
    public boolean isMadeWith(Topic topic, Optional<Integer> partitions, Optional<Short> replication) {
        if (partitions.isPresent() && partitions.get() != topic.partitions()) {
            return false;
        }
        return replication.isEmpty()
                || answer(
                                "cannot look up topic " + topic.name(),
                                admin.describeTopics(List.of(topic.name())).allTopicNames())
                        .values()
                        .stream()
                        .flatMap(found -> found.partitions().stream())
                        .allMatch(partition -> partition.replicas().size() == replication.get());
    }

    /** What {@link #create} found or made. */
    public record Created(Topic topic, boolean isNew) {}

    /**
     * One line on what could lose acknowledged records of a topic, or nothing. A cluster on this machine is
     * for trying things out, and not judged.
     */
    public Optional<String> durabilityWarning(String name) {
        if (Address.areLocal(settings.bootstrapServers())) {
            return Optional.empty();
        }
        try {
            TopicDescription found = answers.await(
                            "cannot look up topic " + name,
                            admin.describeTopics(List.of(name)).allTopicNames())
                    .get(name);
            return found == null
                    ? Optional.empty()
                    : Durability.warning(name, smallestReplication(found), configuration(name));
        } catch (ExecutionException | Failure e) {
            // The warning is not worth a failed run; what is wrong shows where records are sent.
            return Optional.empty();
        }
    }

    private static int smallestReplication(TopicDescription topic) {
        return topic.partitions().stream()
                .mapToInt(each -> each.replicas().size())
                .min()
                .orElse(0);
    }

    /** The configuration of a topic, as far as this user may read it. */
    public Configuration configuration(String name) {
        return Configuration.of(admin, ConfigResource.Type.TOPIC, name);
    }

    /** Deletes a topic and waits until its name is free again. */
    public void delete(String name) {
        answer("cannot delete topic " + name, admin.deleteTopics(List.of(name)).all());
        long end = System.nanoTime() + settings.timeout().toNanos();
        while (topic(name).isPresent()) {
            if (System.nanoTime() > end) {
                throw new Failure(
                        Failure.Kind.TEMPORARY,
                        "topic " + name + " still exists",
                        "its deletion was accepted, but a broker still knows it after "
                                + settings.timeout().toSeconds() + " s",
                        "run `kstage topic list` later");
            }
            pause(POLL);
        }
    }

    /** Deletes a consumer group if it is there. */
    public void deleteGroup(String group) {
        try {
            answers.await(
                    "cannot delete group " + group,
                    admin.deleteConsumerGroups(List.of(group)).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw FailureDiagnosis.of("cannot delete group " + group, e, settings);
            }
        }
    }

    /** The topics that a group has committed offsets of. */
    public Set<String> topicsOf(String group) {
        return offsetsOf(group).keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
    }

    /** The offsets that a group has committed, as they are while an open transaction is about to move them. */
    public Map<TopicPartition, OffsetAndMetadata> offsetsOf(String group) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        try {
            answer(
                            "cannot read the offsets of group " + group,
                            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .forEach((partition, offset) -> {
                        if (offset != null) {
                            offsets.put(partition, offset);
                        }
                    });
        } catch (Failure e) {
            throw Coordinator.ofGroup(settings, group).explain(e);
        }
        return offsets;
    }

    /** Every topic with its number of partitions and copies, by name. */
    public List<TopicSummary> topics(boolean withInternal) {
        Collection<TopicListing> listings = answer(
                "cannot list topics",
                admin.listTopics(new ListTopicsOptions().listInternal(withInternal))
                        .listings());
        List<String> names = listings.stream().map(TopicListing::name).toList();
        return answer("cannot describe topics", admin.describeTopics(names).allTopicNames()).values().stream()
                .map(TopicSummary::of)
                .sorted((left, right) -> left.topic().compareTo(right.topic()))
                .toList();
    }

    /** The full picture of a topic; see {@link TopicInspection}. */
    public TopicReport inspect(String name) {
        return new TopicInspection(admin, answers).inspect(name);
    }

    /** The settings that the connection was made with. */
    public ClientSettings settings() {
        return settings;
    }

    /** The client of this connection; it is open until the connection is closed. */
    public Admin admin() {
        return admin;
    }

    /** Whether the brokers are known to be older than this release. */
    public boolean isOlderThan(BrokerVersion release) {
        return BrokerHandshake.requests(settings, limit).areOlderThan(release);
    }

    /** Waits for an answer and turns what went wrong into a failure. */
    public <T> T answer(String what, KafkaFuture<T> future) {
        return answers.orFailure(what, future);
    }

    private static void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
