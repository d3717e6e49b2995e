package dev.kstage.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.OwnKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that has just come up may end a transaction without telling the partitions (KAFKA-20734). */
final class LeftOpenIT {
    private static final int MOST_TRIES = 8;
    private static final int PARTITIONS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static OwnKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void start() {
        kafka = OwnKafka.start(List.of(), Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "20"));
        admin = kafka.clients().admin();
    }

    @AfterAll
    static void end() {
        admin.close();
        kafka.close();
    }

    /** A transaction that was left open. */
    private record Left(TopicPartition partition, ProducerState producer) {}

    @Test
    void an_aborted_one_of_its_own_is_aborted_and_the_run_goes_on(@TempDir Path home) {
        Worker worker = new Worker(home, "own");

        worker.leaveOpen("kstage-own-one");
        worker.run().expect(0);

        assertThat(worker.leftOpen()).isEmpty();
        assertThat(worker.results()).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void an_aborted_one_of_a_worker_that_never_comes_back_is_aborted_too(@TempDir Path home) {
        Worker worker = new Worker(home, "others");

        worker.leaveOpen("kstage-others-gone");
        worker.run().expect(0);

        assertThat(worker.leftOpen()).isEmpty();
        assertThat(worker.results()).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void one_that_may_have_been_committed_is_left_to_the_user(@TempDir Path home) {
        Worker worker = new Worker(home, "unknown");
        worker.leaveOpen("kstage-unknown-one");
        try (KafkaProducer<byte[], byte[]> other = producer("kstage-unknown-one")) {
            // How the last one ended is forgotten by this.
            other.initTransactions();
        }

        String told = worker.run().expect(1).stderr();

        assertThat(told)
                .contains("a transaction of kstage-unknown-one is still open in partition ")
                .contains("whether it was committed is not known");
        for (Left left : worker.leftOpen()) {
            assertThat(told)
                    .contains("kafka-transactions.sh abort --topic "
                            + left.partition().topic() + " --partition "
                            + left.partition().partition() + " --start-offset "
                            + left.producer().currentTransactionStartOffset().orElseThrow() + "`");
            abort(left);
        }
        worker.run().expect(0);
        assertThat(worker.results()).containsExactlyInAnyOrder("1", "2");
    }

    private static void abort(Left left) {
        KafkaClients.get(admin.abortTransaction(new AbortTransactionSpec(
                        left.partition(),
                        left.producer().producerId(),
                        (short) left.producer().producerEpoch(),
                        left.producer().coordinatorEpoch().orElse(0)))
                .all());
    }

    private static KafkaProducer<byte[], byte[]> producer(String id) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.clients().bootstrapServers(),
                        "transactional.id",
                        id,
                        "transaction.timeout.ms",
                        "1000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A worker of a group that stores two records of a topic in another. */
    private record Worker(Installation kstage, String group) {
        Worker(Path home, String group) {
            this(Installation.in(home).at(kafka.clients().bootstrapServers()), group);
            kafka.clients().createTopic(results(0).topic(), PARTITIONS);
            kafka.clients().createTopic(source().topic(), 1);
            kafka.clients().send(source().topic(), 0, "1", "2");
        }

        private TopicPartition source() {
            return new TopicPartition("source-of-" + group, 0);
        }

        private TopicPartition results(int partition) {
            return new TopicPartition("left-open-" + group, partition);
        }

        Outcome run() {
            return kstage.run(
                    "consume",
                    source().topic(),
                    "--to",
                    "kafka:" + results(0).topic(),
                    "--group",
                    group,
                    "--instance",
                    "one");
        }

        List<String> results() {
            return kafka.clients().values(results(0).topic());
        }

        /** Begins transactions, and has the broker die and come back when they may not last any longer. */
        void leaveOpen(String id) {
            int tries = 0;
            do {
                begin(id);
                Eventually.await(
                        "the cluster to end the transaction",
                        LIMIT,
                        () -> state(id) == TransactionState.COMPLETE_ABORT);
            } while (++tries < MOST_TRIES && leftOpen().isEmpty());
            Assumptions.assumeFalse(leftOpen().isEmpty(), "this Kafka has told the partitions every time");
        }

        private void begin(String id) {
            try (KafkaProducer<byte[], byte[]> producer = producer(id);
                    KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                            Map.of("bootstrap.servers", kafka.clients().bootstrapServers(), "group.id", group),
                            new ByteArrayDeserializer(),
                            new ByteArrayDeserializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    var unused = producer.send(new ProducerRecord<>(
                            results(0).topic(), partition, null, KafkaClients.bytes("never committed")));
                }
                producer.sendOffsetsToTransaction(Map.of(source(), new OffsetAndMetadata(1)), consumer.groupMetadata());
                producer.flush();
                kafka.dieAndComeBack();
                producer.close(Duration.ZERO);
            }
        }

        private static TransactionState state(String id) {
            return KafkaClients.get(admin.describeTransactions(List.of(id)).description(id))
                    .state();
        }

        List<Left> leftOpen() {
            List<Left> left = new ArrayList<>();
            KafkaClients.get(admin.describeProducers(Stream.concat(
                                            IntStream.range(0, PARTITIONS).mapToObj(this::results),
                                            IntStream.range(0, OwnKafka.OFFSETS_PARTITIONS)
                                                    .mapToObj(n -> new TopicPartition("__consumer_offsets", n)))
                                    .toList())
                            .all())
                    .forEach((partition, state) -> state.activeProducers().stream()
                            .filter(each -> each.currentTransactionStartOffset().isPresent())
                            .forEach(each -> left.add(new Left(partition, each))));
            return left;
        }
    }
}
