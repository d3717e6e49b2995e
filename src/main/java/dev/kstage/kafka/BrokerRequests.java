package dev.kstage.kafka;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.DefaultHostResolver;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.clients.NodeApiVersions;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a broker takes, which tell how old it is. No public client shows them, so they are asked
 * for as Kafka's own {@code kafka-broker-api-versions} does.
 *
 * @param ofBroker what the broker said, or null if it said nothing
 */
record BrokerRequests(@Nullable NodeApiVersions ofBroker) {
    /** Of a broker that has said nothing; what it is asked next will tell why. */
    static final BrokerRequests UNKNOWN = new BrokerRequests(null);

    private static final String GROUP = "kstage-broker";
    private static final long TICK = 5_000_000;

    /** Whether the broker is known to be older than this. */
    boolean areOlderThan(Release release) {
        if (ofBroker == null) {
            return false;
        }
        ApiVersion taken = ofBroker.apiVersion(release.request());
        return taken == null || taken.maxVersion() < release.version();
    }

    /**
     * Asks the first of the bootstrap servers that answers.
     *
     * @throws dev.kstage.report.Failure if the credentials are refused, or nobody answers in time
     */
    static BrokerRequests ask(ClientSettings settings, Duration limit) {
        try {
            return ask(new AdminClientConfig(settings.admin(limit)), limit);
        } catch (AuthenticationException | TimeoutException e) {
            throw KafkaFailures.of("cannot connect to " + settings.bootstrapServers(), e, settings);
        } catch (KafkaException e) {
            throw ClientSettings.refused(e);
        }
    }

    private static BrokerRequests ask(AdminClientConfig config, Duration limit) {
        ApiVersions answers = new ApiVersions();
        try (Metrics metrics = new Metrics();
                NetworkClient client = client(config, metrics, answers)) {
            List<InetSocketAddress> addresses = ClientUtils.parseAndValidateAddresses(config);
            long end = System.nanoTime() + limit.toNanos();
            for (int i = 0; i < addresses.size(); i++) {
                InetSocketAddress address = addresses.get(i);
                Node node = new Node(-1 - i, address.getHostString(), address.getPort());
                // Its share of what is left: one that does not answer leaves some to those after it.
                long share = (end - System.nanoTime()) / 1_000_000 / (addresses.size() - i);
                Optional<NodeApiVersions> answer = ask(client, node, answers, share);
                if (answer.isPresent()) {
                    return new BrokerRequests(answer.get());
                }
            }
            // The client counts in milliseconds.
            if (System.nanoTime() >= end - TICK) {
                throw new TimeoutException("not a word to the first request");
            }
        }
        return UNKNOWN;
    }

    private static Optional<NodeApiVersions> ask(NetworkClient client, Node node, ApiVersions answers, long millis) {
        try {
            return NetworkClientUtils.awaitReady(client, node, Time.SYSTEM, Math.max(0, millis))
                    ? Optional.ofNullable(answers.get(node.idString()))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static NetworkClient client(AdminClientConfig config, Metrics metrics, ApiVersions answers) {
        Sensor throttling = metrics.sensor(GROUP);
        return ClientUtils.createNetworkClient(
                config,
                config.getString(AdminClientConfig.CLIENT_ID_CONFIG),
                metrics,
                GROUP,
                new LogContext(),
                answers,
                Time.SYSTEM,
                1,
                config.getInt(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG),
                null,
                new ManualMetadataUpdater(),
                new DefaultHostResolver(),
                throttling,
                null);
    }
}
