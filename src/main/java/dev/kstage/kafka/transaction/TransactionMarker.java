package dev.kstage.kafka.transaction;

import dev.kstage.kafka.client.Address;
import dev.kstage.kafka.client.BrokerConnection;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;

/**
 * Writes the end of a transaction to a partition, as its coordinator does (KIP-98). The admin client can do this for
 * an aborted transaction (KIP-664), but not for a committed one. It needs the permission Alter on the cluster.
 */
final class TransactionMarker {
    /** As the admin client says it: one that is older than what the partition has is refused, and no other. */
    private static final short OF_ANY_VERSION = 0;

    private static final String WHAT = "cannot end a transaction";

    private TransactionMarker() {}

    /**
     * @param producer as the partition knows it
     * @return whether this user may
     * @throws Failure if the leader gives no answer, or can't now
     */
    static boolean write(
            ClientSettings settings,
            Node leader,
            TopicPartition partition,
            ProducerState producer,
            TransactionResult result,
            Duration limit) {
        TxnMarkerEntry entry = new TxnMarkerEntry(
                producer.producerId(),
                (short) producer.producerEpoch(),
                producer.coordinatorEpoch().orElse(0),
                result,
                List.of(partition),
                OF_ANY_VERSION);
        try (BrokerConnection broker =
                BrokerConnection.connect(settings, new Address(leader.host(), leader.port()), limit)) {
            WriteTxnMarkersResponse answer =
                    (WriteTxnMarkersResponse) broker.ask(new WriteTxnMarkersRequest.Builder(List.of(entry)));
            return isAllowed(
                    partition,
                    answer.errorsByProducerId()
                            .getOrDefault(producer.producerId(), Map.of())
                            .getOrDefault(partition, Errors.UNKNOWN_SERVER_ERROR));
        } catch (IOException | KafkaException e) {
            throw notNow(partition, String.valueOf(e.getMessage()), e);
        }
    }

    private static boolean isAllowed(TopicPartition partition, Errors error) {
        return switch (error) {
            // Of the last two: what is there by now is a later one's.
            case NONE, INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED -> true;
            case CLUSTER_AUTHORIZATION_FAILED, TOPIC_AUTHORIZATION_FAILED -> false;
            default -> throw notNow(partition, error.message(), error.exception());
        };
    }

    private static Failure notNow(TopicPartition partition, String why, Exception cause) {
        return new Failure(
                Failure.Kind.TEMPORARY,
                WHAT + " in partition " + partition,
                why,
                "check that the cluster is up; run the same command again",
                cause);
    }
}
