package dev.kstage.kafka;

import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The broker that keeps the offsets of a group or the transactions of a transactional id: the leader of one partition
 * of a topic of the cluster's own, which is made when it is first wanted. Where there is none, Kafka's clients look
 * for it without a word until their time is up. A lone broker whose settings ask for three copies never has one.
 */
final class Coordinator {
    // The time is up already, and the user has waited for it.
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final ClientSettings settings;
    private final String owner;
    private final String topic;
    private final int hash;
    private final String copies;

    /** Why there is none, and what to do. */
    record Fault(String why, String remedy) {
        Failure failure(String what, @Nullable Throwable cause) {
            return new Failure(Failure.Kind.TEMPORARY, what, why, remedy, cause);
        }
    }

    /**
     * @param owner whose coordinator it is
     * @param name of the owner, which decides on the partition
     * @param topic that the brokers make for it
     * @param copies the setting of brokers that says how many copies the topic gets
     */
    private Coordinator(ClientSettings settings, String owner, String name, String topic, String copies) {
        this.settings = settings;
        this.owner = owner;
        this.topic = topic;
        this.hash = Utils.abs(name.hashCode());
        this.copies = copies;
    }

    static Coordinator ofGroup(ClientSettings settings, String group) {
        return new Coordinator(
                settings, "group " + group, group, "__consumer_offsets", "offsets.topic.replication.factor");
    }

    static Coordinator ofTransactions(ClientSettings settings, String id) {
        return new Coordinator(
                settings,
                "transactional id " + id,
                id,
                "__transaction_state",
                "transaction.state.log.replication.factor");
    }

    /** A failure of what only the coordinator can answer, with the reason in it if there is no coordinator. */
    Failure explain(Failure failure) {
        return failure.kind() == Failure.Kind.TEMPORARY
                ? fault().map(found -> found.failure(failure.what(), failure)).orElse(failure)
                : failure;
    }

    /** Throws a failure of what only the coordinator can answer if that is because there is no coordinator. */
    void throwIfNone(Failure failure) {
        Failure explained = explain(failure);
        if (explained != failure) {
            throw explained;
        }
    }

    /** Looks why there may be none; nothing if all is well, if nobody answers, or if this user may not know. */
    Optional<Fault> fault() {
        return AtOnce.await(AtOnce.start(this::look), LOOK, Optional.empty());
    }

    private Optional<Fault> look() {
        try (Admin admin = Admin.create(settings.admin(LOOK))) {
            return look(admin);
        } catch (KafkaException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw Cluster.interrupted(e);
        }
    }

    private Optional<Fault> look(Admin admin) throws ExecutionException, InterruptedException {
        try {
            List<TopicPartitionInfo> partitions = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .partitions();
            TopicPartitionInfo partition = partitions.get(hash % partitions.size());
            return Leaders.hasNone(partition) ? Optional.of(leaderless(partition)) : readOnly(admin, partition);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.of(unmade(admin));
            }
            throw e;
        }
    }

    private Fault unmade(Admin admin) throws ExecutionException, InterruptedException {
        Collection<Node> brokers = admin.describeCluster().nodes().get();
        int wanted = number(
                admin, ConfigResource.Type.BROKER, brokers.iterator().next().idString(), copies);
        if (wanted <= brokers.size()) {
            return new Fault(
                    noCoordinator() + "the cluster has not made topic " + topic,
                    "brokers make it when it is first wanted: their logs say why they do not");
        }
        return new Fault(
                noCoordinator() + "topic " + topic + " is to have " + Text.plural(wanted, "replica") + " (" + copies
                        + "), and the cluster has " + Text.plural(brokers.size(), "broker"),
                "start the others; or, if there are to be no more, set " + copies + "=" + brokers.size()
                        + " for the broker (a container takes it from KAFKA_"
                        + copies.toUpperCase(Locale.ROOT).replace('.', '_') + ")");
    }

    private Fault leaderless(TopicPartitionInfo partition) {
        return new Fault(noCoordinator() + number(partition) + " has no leader", seeToBrokers(partition));
    }

    /** A leader that has too few replicas in sync may not write, and so does not answer either. */
    private Optional<Fault> readOnly(Admin admin, TopicPartitionInfo partition) throws InterruptedException {
        int inSync = partition.isr().size();
        int setting = number(admin, ConfigResource.Type.TOPIC, topic, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
        // Of more than there are, brokers want all.
        int needed = Math.min(setting, partition.replicas().size());
        return needed <= inSync
                ? Optional.empty()
                : Optional.of(new Fault(
                        noCoordinator() + number(partition) + " has " + Text.plural(inSync, "replica")
                                + " in sync, and needs " + needed + " (min.insync.replicas)",
                        seeToBrokers(partition)));
    }

    private static String seeToBrokers(TopicPartitionInfo partition) {
        return "see that its brokers are up ("
                + partition.replicas().stream().map(Node::idString).collect(Collectors.joining(", "))
                + "), and run the same command again";
    }

    private String noCoordinator() {
        return owner + " has no coordinator: ";
    }

    private String number(TopicPartitionInfo partition) {
        return "partition " + partition.partition() + " of " + topic;
    }

    /** The value of a setting; 0 where it has none, or this user may not know it. */
    private static int number(Admin admin, ConfigResource.Type type, String name, String setting)
            throws InterruptedException {
        try {
            ConfigEntry entry = admin.describeConfigs(List.of(new ConfigResource(type, name)))
                    .all()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .get(setting);
            return entry == null ? 0 : Integer.parseInt(entry.value());
        } catch (ExecutionException e) {
            return 0;
        }
    }
}
