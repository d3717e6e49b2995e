package dev.kstage.kafka.diagnosis;

import dev.kstage.kafka.client.Address;
import dev.kstage.kafka.client.BrokerConnection;
import dev.kstage.kafka.client.BrokerVersion;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.KafkaFailures;
import dev.kstage.kafka.client.Topic;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The broker that stores the offsets of a group, or the transactions of a transactional id. It leads a partition of
 * an internal topic, which Kafka creates on first use. While there is no coordinator, Kafka's clients retry silently
 * until their timeout. A single broker never has one if its settings ask for three replicas.
 */
public final class Coordinator {
    /** The topic that has the offsets of groups. */
    public static final String OFFSETS = "__consumer_offsets";

    // The time is up already, and the user has waited for it.
    private static final Duration LOOK = Duration.ofSeconds(4);
    private static final Duration QUESTION = Duration.ofMillis(1_500);

    private final ClientSettings settings;
    private final Kind kind;
    private final String name;

    /** What is coordinated. */
    private enum Kind {
        GROUP("group", CoordinatorType.GROUP, OFFSETS, "offsets.topic.replication.factor", ""),
        TRANSACTIONS(
                "transactional id",
                CoordinatorType.TRANSACTION,
                "__transaction_state",
                "transaction.state.log.replication.factor",
                "transaction.state.log.min.isr");

        private final String word;
        private final CoordinatorType type;
        private final String topic;
        // Settings of brokers: how many replicas the topic gets, and how many have to be in sync if that can be set.
        private final String replicas;
        private final String inSync;

        Kind(String word, CoordinatorType type, String topic, String replicas, String inSync) {
            this.word = word;
            this.type = type;
            this.topic = topic;
            this.replicas = replicas;
            this.inSync = inSync;
        }
    }

    /** Why there is none, and what to do. */
    public record Fault(String why, String remedy) {
        public Failure failure(String what, @Nullable Throwable cause) {
            return new Failure(Failure.Kind.TEMPORARY, what, why, remedy, cause);
        }
    }

    private Coordinator(ClientSettings settings, Kind kind, String name) {
        this.settings = settings;
        this.kind = kind;
        this.name = name;
    }

    public static Coordinator ofGroup(ClientSettings settings, String group) {
        return new Coordinator(settings, Kind.GROUP, group);
    }

    public static Coordinator ofTransactions(ClientSettings settings, String id) {
        return new Coordinator(settings, Kind.TRANSACTIONS, id);
    }

    /** Throws the failure of a question that only the coordinator answers with its reason, if there is none. */
    public void throwIfNone(Failure failure) {
        Failure explained = explain(failure);
        if (explained != failure) {
            throw explained;
        }
    }

    /** Adds to a failure why there is no coordinator; returns it unchanged if there is one. */
    public Failure explain(Failure failure) {
        return failure.kind() == Failure.Kind.TEMPORARY
                ? fault().map(found -> found.failure(failure.what(), failure)).orElse(failure)
                : failure;
    }

    /** Looks why there is none; nothing if there is one, or if nobody answers. */
    public Optional<Fault> fault() {
        return ParallelProbes.await(ParallelProbes.start(this::missing), LOOK, Optional.empty());
    }

    /** Why there is no coordinator, or why the coordinator can't write; empty if neither is known. */
    public Optional<Fault> faultOfWrites() {
        return fault().or(() ->
                ParallelProbes.await(ParallelProbes.start(() -> ask(this::whyReadOnly)), LOOK, Optional.empty()));
    }

    private Optional<Fault> missing() {
        return isMissing() ? Optional.of(ask(this::whyMissing).orElseGet(this::unexplained)) : Optional.empty();
    }

    /** Asks as clients do. */
    private boolean isMissing() {
        return ParallelProbes.map(Address.all(settings.bootstrapServers()), QUESTION, false, this::isMissing)
                .contains(true);
    }

    private boolean isMissing(Address address) {
        FindCoordinatorRequest.Builder question = new FindCoordinatorRequest.Builder(
                new FindCoordinatorRequestData().setKeyType(kind.type.id()).setCoordinatorKeys(List.of(name)));
        try (BrokerConnection broker = BrokerConnection.connect(settings, address, QUESTION)) {
            return ((FindCoordinatorResponse) broker.ask(question))
                    .coordinatorByKey(name)
                    .filter(found -> found.errorCode() == Errors.COORDINATOR_NOT_AVAILABLE.code())
                    .isPresent();
        } catch (IOException | KafkaException e) {
            return false;
        }
    }

    private interface Question {
        Optional<Fault> ask(Admin admin) throws ExecutionException, InterruptedException;
    }

    /** Nothing if this user may not know. */
    private Optional<Fault> ask(Question question) {
        try (Admin admin = Admin.create(settings.admin(QUESTION))) {
            return question.ask(admin);
        } catch (KafkaException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted(e);
        }
    }

    private TopicPartitionInfo partition(Admin admin) throws ExecutionException, InterruptedException {
        List<TopicPartitionInfo> partitions = admin.describeTopics(List.of(kind.topic))
                .allTopicNames()
                .get()
                .values()
                .iterator()
                .next()
                .partitions();
        return partitions.get(partition(name, partitions.size()));
    }

    /** Which partition of such a topic decides on the coordinator of a group or a transactional id. */
    public static int partition(String name, int partitions) {
        return Utils.abs(name.hashCode()) % partitions;
    }

    private Optional<Fault> whyMissing(Admin admin) throws ExecutionException, InterruptedException {
        try {
            TopicPartitionInfo partition = partition(admin);
            return !Topic.hasLeader(partition)
                    ? Optional.of(
                            new Fault(noCoordinator() + words(partition) + " has no leader", seeToBrokers(partition)))
                    : Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return tooFewBrokers(admin);
            }
            throw e;
        }
    }

    private Optional<Fault> tooFewBrokers(Admin admin) throws ExecutionException, InterruptedException {
        Collection<Node> brokers = admin.describeCluster().nodes().get();
        String one = brokers.iterator().next().idString();
        long wanted = Configuration.of(admin, ConfigResource.Type.BROKER, one)
                .number(kind.replicas)
                .orElse(0);
        int there = brokers.size();
        return wanted <= there
                ? Optional.empty()
                : Optional.of(new Fault(
                        noCoordinator() + "topic " + kind.topic + " is to have " + Text.plural(wanted, "replica") + " ("
                                + kind.replicas + "), and the cluster has " + Text.plural(there, "broker"),
                        "start the other brokers; or, if the cluster is to stay this size, set " + kind.replicas + "="
                                + there
                                + (kind.inSync.isEmpty() ? "" : " and " + kind.inSync + "=1")
                                + " for each broker and restart it (a container usually reads it from KAFKA_"
                                + kind.replicas.toUpperCase(Locale.ROOT).replace('.', '_') + ")"));
    }

    private Fault unexplained() {
        return new Fault(
                noCoordinator() + "the brokers report this without a reason",
                "check that all brokers are up, and read their logs about " + kind.topic);
    }

    private Optional<Fault> whyReadOnly(Admin admin) throws ExecutionException, InterruptedException {
        TopicPartitionInfo partition = partition(admin);
        int inSync = partition.isr().size();
        long wanted = Configuration.of(admin, ConfigResource.Type.TOPIC, kind.topic)
                .number(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG)
                .orElse(0);
        long needed = BrokerHandshake.requests(settings, QUESTION).areOlderThan(BrokerVersion.ATTAINABLE_MIN_ISR)
                ? wanted
                : Math.min(wanted, partition.replicas().size());
        return needed <= inSync
                ? Optional.empty()
                : Optional.of(new Fault(
                        "the coordinator of " + kind.word + " " + name + " can't write: " + words(partition) + " has "
                                + Text.plural(inSync, "replica") + " in sync, and needs " + needed
                                + " (min.insync.replicas)",
                        seeToBrokers(partition)
                                + "; or, if the cluster is to stay this size, set min.insync.replicas of " + kind.topic
                                + " to " + inSync));
    }

    private String noCoordinator() {
        return kind.word + " " + name + " has no coordinator: ";
    }

    private String words(TopicPartitionInfo partition) {
        return "partition " + partition.partition() + " of " + kind.topic;
    }

    private static String seeToBrokers(TopicPartitionInfo partition) {
        return "check that its brokers are up ("
                + partition.replicas().stream().map(Node::idString).collect(Collectors.joining(", "))
                + "), and run the same command again";
    }
}
