package dev.kstage.kafka.admin;

import dev.kstage.kafka.diagnosis.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.config.TopicConfig;

/** Which failures of brokers the acknowledged records of a topic survive, by the topic's configuration. */
final class Durability {
    private static final int SAFE_REPLICAS = 3;
    private static final int SAFE_IN_SYNC = 2;

    private Durability() {}

    /**
     * @param replicas the smallest number of replicas of a partition
     * @return one line on what could lose acknowledged records; empty if nothing could, or this user may not know
     */
    static Optional<String> warning(String topic, int replicas, Configuration configuration) {
        if (configuration.settings().isEmpty()) {
            return Optional.empty();
        }
        List<String> faults = new ArrayList<>();
        if (replicas < SAFE_REPLICAS) {
            faults.add("replication " + replicas);
        }
        configuration.number(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG).stream()
                .filter(inSync -> inSync < SAFE_IN_SYNC)
                .forEach(inSync -> faults.add(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG + " " + inSync));
        if (configuration
                .text(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG)
                .equals("true")) {
            faults.add(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG);
        }
        return faults.isEmpty()
                ? Optional.empty()
                : Optional.of("acknowledged records of " + topic + " may be lost with a broker's disk ("
                        + String.join(", ", faults) + "); safe are replication 3 and min.insync.replicas 2");
    }
}
