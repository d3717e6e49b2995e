package dev.kstage.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.DefaultHostResolver;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/**
 * What a broker says of its cluster over one connection. Kafka's own clients can't be asked this: after
 * the first answer they turn to the addresses that it holds, and if those are wrong they tell nobody
 * which they are. So this speaks the protocol with the client's lower half, which knows TLS and SASL.
 *
 * @param clusterId the same at every listener of a cluster
 * @param brokers what the listener that was asked advertises, by id
 * @param ofAllListeners what the broker that answered advertises at every listener that it has; empty if
 *     this user may not know
 */
record Roster(String clusterId, List<Broker> brokers, List<Address> ofAllListeners) {
    private static final String ADVERTISED_LISTENERS = "advertised.listeners";
    private static final String NODE = "0";
    private static final int MOST_IN_FLIGHT = 1;

    /** A broker and where it says that it can be reached. */
    record Broker(int id, Address address) {}

    /**
     * Asks whoever listens at an address, and follows no address of the answer.
     *
     * @param limit for the way there, and again for each answer
     * @throws IOException if nobody answers in time, or what answers is no broker
     * @throws KafkaException if it answers and refuses
     */
    static Roster ask(ClientSettings settings, Address address, Duration limit) throws IOException {
        int millis = Math.toIntExact(limit.toMillis());
        try (Metrics metrics = new Metrics();
                NetworkClient client = ClientUtils.createNetworkClient(
                        new AdminClientConfig(settings.admin(limit)),
                        "kstage",
                        metrics,
                        "kstage-roster",
                        new LogContext(),
                        new ApiVersions(),
                        Time.SYSTEM,
                        MOST_IN_FLIGHT,
                        millis,
                        null,
                        new ManualMetadataUpdater(),
                        new DefaultHostResolver(),
                        null,
                        null)) {
            Node node = new Node(Integer.parseInt(NODE), address.host(), address.port());
            if (!NetworkClientUtils.awaitReady(client, node, Time.SYSTEM, millis)) {
                throw new IOException("no answer from " + address);
            }
            MetadataResponse metadata =
                    (MetadataResponse) answer(client, MetadataRequest.Builder.forTopicNames(List.of(), false));
            List<Broker> brokers = metadata.brokers().stream()
                    .map(each -> new Broker(each.id(), new Address(each.host(), each.port())))
                    .sorted(Comparator.comparingInt(Broker::id))
                    .toList();
            return new Roster(String.valueOf(metadata.clusterId()), brokers, ofAllListeners(client, brokers));
        }
    }

    private static AbstractResponse answer(NetworkClient client, AbstractRequest.Builder<?> question)
            throws IOException {
        ClientResponse response = NetworkClientUtils.sendAndReceive(
                client, client.newClientRequest(NODE, question, Time.SYSTEM.milliseconds(), true), Time.SYSTEM);
        return response.responseBody();
    }

    /** A broker tells its own configuration only, and which of them it is, is not known: one of these fits. */
    private static List<Address> ofAllListeners(NetworkClient client, List<Broker> brokers) {
        List<DescribeConfigsResource> asked = brokers.stream()
                .map(broker -> new DescribeConfigsResource()
                        .setResourceType(ConfigResource.Type.BROKER.id())
                        .setResourceName(String.valueOf(broker.id()))
                        .setConfigurationKeys(List.of(ADVERTISED_LISTENERS)))
                .toList();
        try {
            DescribeConfigsResponse configs = (DescribeConfigsResponse) answer(
                    client, new DescribeConfigsRequest.Builder(new DescribeConfigsRequestData().setResources(asked)));
            return configs.data().results().stream()
                    .flatMap(result -> result.configs().stream())
                    .filter(each -> each.name().equals(ADVERTISED_LISTENERS) && each.value() != null)
                    .flatMap(each -> Address.ofListeners(each.value()).stream())
                    .distinct()
                    .toList();
        } catch (IOException | KafkaException e) {
            return List.of();
        }
    }
}
