package dev.kstage.kafka.diagnosis;

import dev.kstage.kafka.client.Address;
import dev.kstage.kafka.client.BrokerConnection;
import dev.kstage.kafka.client.ClientSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;

/**
 * The brokers of a cluster, as one listener advertises them. Kafka's own clients can't be asked for this: after the
 * first answer they use the addresses that it holds, and report no address that is wrong.
 *
 * @param clusterId the same at every listener of a cluster
 * @param brokers what the listener that was asked advertises, by id
 * @param ofAllListeners what the broker that answered advertises at every listener that it has; empty if
 *     this user may not know
 */
record BrokerMetadata(String clusterId, List<Broker> brokers, List<Address> ofAllListeners) {
    private static final String ADVERTISED_LISTENERS = "advertised.listeners";

    /** A broker and where it says that it can be reached. */
    record Broker(int id, Address address) {}

    /**
     * Asks whoever listens at an address, and follows no address of the answer.
     *
     * @param limit for the way there, and again for each answer
     * @throws IOException if nobody answers in time, or what answers is no broker
     * @throws KafkaException if it answers and refuses
     */
    static BrokerMetadata ask(ClientSettings settings, Address address, Duration limit) throws IOException {
        try (BrokerConnection connection = BrokerConnection.connect(settings, address, limit)) {
            MetadataResponse metadata =
                    (MetadataResponse) connection.ask(MetadataRequest.Builder.forTopicNames(List.of(), false));
            List<Broker> brokers = metadata.brokers().stream()
                    .map(each -> new Broker(each.id(), new Address(each.host(), each.port())))
                    .sorted(Comparator.comparingInt(Broker::id))
                    .toList();
            return new BrokerMetadata(
                    String.valueOf(metadata.clusterId()), brokers, ofAllListeners(connection, brokers));
        }
    }

    /** A broker tells its own configuration only, and which of them it is, is not known: one of these fits. */
    private static List<Address> ofAllListeners(BrokerConnection connection, List<Broker> brokers) {
        List<DescribeConfigsResource> asked = brokers.stream()
                .map(broker -> new DescribeConfigsResource()
                        .setResourceType(ConfigResource.Type.BROKER.id())
                        .setResourceName(String.valueOf(broker.id()))
                        .setConfigurationKeys(List.of(ADVERTISED_LISTENERS)))
                .toList();
        try {
            DescribeConfigsResponse configs = (DescribeConfigsResponse) connection.ask(
                    new DescribeConfigsRequest.Builder(new DescribeConfigsRequestData().setResources(asked)));
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
