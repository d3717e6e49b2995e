package dev.kstage.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.OwnKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that has just come up may end a transaction without telling the partitions (KAFKA-20734). */
final class LeftOpenIT {
    private static final int MOST_TRIES = 8;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<TopicPartition> PARTITIONS = IntStream.range(0, 3)
            .mapToObj(number -> new TopicPartition("left-open", number))
            .toList();

    @Test
    void nothing_is_stored_on_top_of_a_transaction_that_was_left_open(@TempDir Path home) {
        try (OwnKafka kafka = OwnKafka.start(
                        List.of(), Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "20"));
                Admin admin = kafka.clients().admin()) {
            kafka.clients().createTopic("left-open", PARTITIONS.size());
            kafka.clients().createTopic("source", 1);
            kafka.clients().send("source", 0, "1", "2");
            Installation kstage = Installation.in(home).at(kafka.clients().bootstrapServers());
            String[] consume = {"consume", "source", "--to", "kafka:left-open", "--group", "g", "--instance", "one"};
            int tries = 0;
            do {
                leaveOpen(kafka);
            } while (++tries < MOST_TRIES && !isAnyOpenThoughEnded(admin));
            Assumptions.assumeTrue(isAnyOpenThoughEnded(admin), "this Kafka has told the partitions every time");

            String told = kstage.run(consume).expect(1).stderr();

            assertThat(told).contains("an earlier transaction of kstage-g-one is still open in partition ");
            for (TopicPartition partition : PARTITIONS) {
                abort(admin, partition);
            }
            kstage.run(consume).expect(0);
            assertThat(kafka.clients().values("left-open")).containsExactlyInAnyOrder("1", "2");
        }
    }

    /** Begins a transaction, and has the broker die and come back when it may not last any longer. */
    private static void leaveOpen(OwnKafka kafka) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", kafka.clients().bootstrapServers(),
                        "transactional.id", "kstage-g-one",
                        "transaction.timeout.ms", "1000"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            PARTITIONS.forEach(each -> {
                var unused = producer.send(new ProducerRecord<>(
                        each.topic(), each.partition(), null, KafkaClients.bytes("never committed")));
            });
            producer.flush();
            kafka.dieAndComeBack();
            producer.close(Duration.ZERO);
        }
    }

    private static List<ProducerState> open(Admin admin, Collection<TopicPartition> partitions) {
        Map<TopicPartition, PartitionProducerState> states =
                KafkaClients.get(admin.describeProducers(partitions).all());
        return states.values().stream()
                .flatMap(state -> state.activeProducers().stream())
                .filter(each -> each.currentTransactionStartOffset().isPresent())
                .toList();
    }

    private static boolean isAnyOpenThoughEnded(Admin admin) {
        Eventually.await(
                "the cluster to end the transaction", LIMIT, () -> state(admin) == TransactionState.COMPLETE_ABORT);
        return !open(admin, PARTITIONS).isEmpty();
    }

    private static TransactionState state(Admin admin) {
        return KafkaClients.get(
                        admin.describeTransactions(List.of("kstage-g-one")).description("kstage-g-one"))
                .state();
    }

    private static void abort(Admin admin, TopicPartition partition) {
        for (ProducerState state : open(admin, List.of(partition))) {
            KafkaClients.get(admin.abortTransaction(new AbortTransactionSpec(
                            partition,
                            state.producerId(),
                            (short) state.producerEpoch(),
                            state.coordinatorEpoch().orElse(0)))
                    .all());
        }
    }
}
