package dev.kstage.kafka.client;

import org.apache.kafka.clients.NodeApiVersions;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a broker accepts, with their versions. They tell how old the broker is. No public client shows
 * them, so kstage asks for them as Kafka's own {@code kafka-broker-api-versions} does.
 *
 * @param ofBroker what the broker said, or null if it said nothing
 */
public record BrokerRequests(@Nullable NodeApiVersions ofBroker) {
    /** Of a broker that has said nothing; what it is asked next will tell why. */
    public static final BrokerRequests UNKNOWN = new BrokerRequests(null);

    /** Whether the broker is known to be older than this. */
    public boolean areOlderThan(BrokerVersion release) {
        if (ofBroker == null) {
            return false;
        }
        ApiVersion taken = ofBroker.apiVersion(release.request());
        return taken == null || taken.maxVersion() < release.version();
    }
}
