package dev.kstage.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** What a topic's settings make of an acknowledgement: which failures of brokers the records survive. */
final class Durability {
    private static final int ENOUGH_REPLICAS = 3;
    private static final int ENOUGH_IN_SYNC = 2;

    private Durability() {}

    /** One line on what could lose acknowledged records; nothing if all is well or this user may not know. */
    static Optional<String> warning(Admin admin, String topic) throws InterruptedException {
        List<String> faults = new ArrayList<>();
        try {
            TopicDescription description =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            int replicas = description == null
                    ? 0
                    : description.partitions().stream()
                            .map(TopicPartitionInfo::replicas)
                            .mapToInt(List::size)
                            .min()
                            .orElse(0);
            if (replicas < ENOUGH_REPLICAS) {
                faults.add("replication " + replicas);
            }
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            String inSync = value(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
            if (inSync.matches("\\d{1,9}") && Integer.parseInt(inSync) < ENOUGH_IN_SYNC) {
                faults.add(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG + " " + inSync);
            }
            if (value(config, TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG).equals("true")) {
                faults.add(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG);
            }
        } catch (ExecutionException e) {
            return Optional.empty();
        }
        return faults.isEmpty()
                ? Optional.empty()
                : Optional.of("acknowledged records of " + topic + " may be lost with a broker's disk ("
                        + String.join(", ", faults) + "); safe are replication 3 and min.insync.replicas 2");
    }

    private static String value(@Nullable Config config, String name) {
        ConfigEntry entry = config == null ? null : config.get(name);
        return entry == null ? "" : String.valueOf(entry.value());
    }
}
