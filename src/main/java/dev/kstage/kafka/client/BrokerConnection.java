package dev.kstage.kafka.client;

import java.io.IOException;
import java.time.Duration;
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
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the server at one address. It does not follow addresses in the answers: Kafka's clients leave a
 * bootstrap server after its first answer. It uses the lower half of those clients, which handles TLS and SASL.
 */
public final class BrokerConnection implements AutoCloseable {
    private static final int MOST_IN_FLIGHT = 1;

    private final Metrics metrics = new Metrics();
    private final ApiVersions versions = new ApiVersions();
    private final NetworkClient client;
    private final Node node;

    private BrokerConnection(ClientSettings settings, Address address, int millis) {
        node = new Node(0, address.host(), address.port());
        client = ClientUtils.createNetworkClient(
                new AdminClientConfig(settings.admin(Duration.ofMillis(millis))),
                "kstage",
                metrics,
                "kstage-broker",
                new LogContext(),
                versions,
                Time.SYSTEM,
                MOST_IN_FLIGHT,
                millis,
                null,
                new ManualMetadataUpdater(),
                new DefaultHostResolver(),
                null,
                null);
    }

    /**
     * @param limit for the way there with its first answer, and again for each answer
     * @throws IOException if nobody answers in time, or what answers is no broker
     * @throws KafkaException if it answers and refuses, or the settings make no sense
     */
    public static BrokerConnection connect(ClientSettings settings, Address address, Duration limit)
            throws IOException {
        int millis = Math.toIntExact(limit.toMillis());
        BrokerConnection broker = new BrokerConnection(settings, address, millis);
        try {
            if (!NetworkClientUtils.awaitReady(broker.client, broker.node, Time.SYSTEM, millis)) {
                throw new IOException("no answer from " + address);
            }
            return broker;
        } catch (IOException | RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    /** The requests that it takes. */
    @Nullable
    public NodeApiVersions requests() {
        return versions.get(node.idString());
    }

    /** @throws IOException if the connection ends or no answer comes */
    public AbstractResponse ask(AbstractRequest.Builder<?> question) throws IOException {
        return NetworkClientUtils.sendAndReceive(
                        client,
                        client.newClientRequest(node.idString(), question, Time.SYSTEM.milliseconds(), true),
                        Time.SYSTEM)
                .responseBody();
    }

    @Override
    public void close() {
        client.close();
        metrics.close();
    }
}
