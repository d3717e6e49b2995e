package dev.kstage.kafka.client;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.jspecify.annotations.Nullable;

/**
 * How a run is a member of its consumer group.
 *
 * @param protocol {@link #CLASSIC} or {@link #CONSUMER}
 * @param instance the {@code group.instance.id} of a static member (KIP-345), or null for a dynamic one
 * @param commitInterval the longest time between two commits of a healthy member
 */
public record GroupMembership(String protocol, @Nullable String instance, Duration commitInterval) {
    /** The group protocol in which the members assign the partitions. */
    public static final String CLASSIC = "classic";
    /** The group protocol in which the broker assigns the partitions (KIP-848). */
    public static final String CONSUMER = "consumer";

    private static final int CLASSIC_SESSION_TIMEOUT_MS = 10_000;

    /** Whether the group uses the protocol of KIP-848. */
    public boolean isOfConsumerProtocol() {
        return protocol.equals(CONSUMER);
    }

    /** Sets the properties of a member. */
    void addTo(Map<String, Object> consumer) {
        consumer.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        if (instance != null) {
            consumer.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
        }
        if (isOfConsumerProtocol()) {
            // The broker decides these; the client rejects them.
            consumer.remove(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
            consumer.remove(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);
            consumer.remove(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);
        } else {
            // Shorter than Kafka's default, so that the partitions of a killed member are reassigned soon.
            consumer.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, CLASSIC_SESSION_TIMEOUT_MS);
            consumer.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        }
    }
}
