package dev.kstage.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.DedicatedKafka;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.RunningProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A transaction that is ended while a partition has no leader may stay open there (KAFKA-20734). The coordinator of
 * transactions is one broker; results and offsets are on another, which is killed, and comes back when the cluster has
 * ended what was open.
 */
final class HangingTransactionsIT {
    private static final int COORDINATOR = 1;
    private static final int OTHER = 2;
    private static final Set<TransactionState> ENDED =
            EnumSet.of(TransactionState.COMPLETE_ABORT, TransactionState.COMPLETE_COMMIT);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    // Soon given up, so that its partitions soon have no leader.
    private static final Map<String, String> SHORT_SESSIONS =
            Map.of("broker.session.timeout.ms", "2000", "broker.heartbeat.interval.ms", "300");

    private static Brokers brokers;

    private record Brokers(DedicatedKafka coordinator, DedicatedKafka other, Admin admin) implements AutoCloseable {
        static Brokers start() {
            DedicatedKafka first = DedicatedKafka.start(List.of(), SHORT_SESSIONS);
            Admin admin = first.clients().admin();
            try (KafkaProducer<byte[], byte[]> producer = producer(first, "any")) {
                // The topic of the transactions is made while there is one broker.
                producer.initTransactions();
            }
            DedicatedKafka second = first.join(OTHER, List.of(), SHORT_SESSIONS);
            KafkaClients.get(admin.listConsumerGroupOffsets("any").partitionsToOffsetAndMetadata());
            Map<TopicPartition, Optional<NewPartitionReassignment>> moves = offsetsPartitions()
                    .collect(Collectors.toMap(
                            Function.identity(), each -> Optional.of(new NewPartitionReassignment(List.of(OTHER)))));
            KafkaClients.get(admin.alterPartitionReassignments(moves).all());
            Eventually.await("the offsets to be moved", LIMIT, () -> KafkaClients.get(
                            admin.listPartitionReassignments().reassignments())
                    .isEmpty());
            return new Brokers(first, second, admin);
        }

        @Override
        public void close() {
            admin.close();
            other.close();
            coordinator.close();
        }
    }

    @BeforeAll
    static void start() {
        brokers = Brokers.start();
    }

    @AfterAll
    static void end() {
        if (brokers != null) {
            brokers.close();
        }
    }

    /** A transaction that was left open. */
    private record Left(TopicPartition partition, ProducerState producer) {}

    @Test
    void what_was_aborted_is_aborted_and_the_run_continues(@TempDir Path home) {
        Worker worker = new Worker(home, "aborted");
        worker.send();
        worker.leaveOpen("kstage-aborted-one", KafkaProducer::abortTransaction, true);

        worker.run().expect(0);

        assertThat(worker.leftOpen()).isEmpty();
        assertThat(worker.results()).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void what_was_committed_is_committed_and_the_run_continues(@TempDir Path home) {
        Worker worker = new Worker(home, "committed");
        worker.leaveOpen("kstage-committed-one", KafkaProducer::commitTransaction, false);

        // There is nothing to store yet: it is not by the next transaction that it comes into view.
        worker.run().expect(0);

        assertThat(worker.leftOpen()).isEmpty();
        assertThat(worker.results()).containsExactlyInAnyOrder("earlier 0", "earlier 1");
        worker.send();
        worker.run().expect(0);
        assertThat(worker.results()).containsExactlyInAnyOrder("earlier 0", "earlier 1", "1", "2");
    }

    @Test
    void that_of_a_worker_which_never_comes_back_is_ended_too(@TempDir Path home) {
        Worker worker = new Worker(home, "others");
        worker.send();
        worker.leaveOpen("kstage-others-gone", KafkaProducer::abortTransaction, true);

        worker.run().expect(0);

        assertThat(worker.leftOpen()).isEmpty();
        assertThat(worker.results()).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void one_that_may_have_been_committed_is_left_to_the_user(@TempDir Path home) {
        Worker worker = new Worker(home, "unknown");
        worker.send();
        worker.leaveOpen("kstage-unknown-one", KafkaProducer::abortTransaction, true);
        try (KafkaProducer<byte[], byte[]> other = producer(brokers.coordinator(), "kstage-unknown-one")) {
            // How the last one ended is forgotten by this.
            other.initTransactions();
        }

        String told = worker.run().expect(1).stderr();

        assertThat(told)
                .contains("a transaction of kstage-unknown-one is still open in partition ")
                .contains("whether it was committed is not known");
        for (Left left : worker.leftOpen()) {
            assertThat(told)
                    .contains("abort --topic " + left.partition().topic() + " --partition "
                            + left.partition().partition() + " --start-offset "
                            + left.producer().currentTransactionStartOffset().orElseThrow() + "`");
            abort(left);
        }
        worker.run().expect(0);
        assertThat(worker.results()).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void a_run_whose_first_checkpoint_was_left_open_continues(@TempDir Path home) {
        Installation kstage = Installation.in(home).at(bootstrapServers());
        Path paused = kstage.file("paused");
        // It must not begin another transaction: that one's end would be all that the cluster tells.
        String failpoints = "produce.offsets:pause=" + paused + ",produce.committed:pause=" + kstage.file("committed");
        createResults("run");
        String[] produce = {"produce", "run", "--run-id", "left-open", "--count", "1000", "--seed", "3"};
        try (RunningProcess first = kstage.failingAt(failpoints).start(produce)) {
            Eventually.await("the first commit to be near", LIMIT, () -> Files.exists(paused));
            brokers.other().die();
            try {
                assertThat(paused.toFile().delete()).isTrue();
                awaitEnd("kstage.left-open");
                first.signal("KILL");
                first.await().expect(137);
            } finally {
                brokers.other().comeBack();
            }
        }
        assertThat(leftOpen(Stream.of(offsetsOf("kstage.run.left-open"))))
                .as("what this Kafka has not told")
                .isNotEmpty();

        kstage.run(produce).expect(0);

        assertThat(leftOpen(Stream.of(offsetsOf("kstage.run.left-open")))).isEmpty();
        kstage.run("verify", "kafka:run", "--run-id", "left-open").expect(0);
    }

    private static void abort(Left left) {
        KafkaClients.get(brokers.admin()
                .abortTransaction(new AbortTransactionSpec(
                        left.partition(),
                        left.producer().producerId(),
                        (short) left.producer().producerEpoch(),
                        left.producer().coordinatorEpoch().orElse(0)))
                .all());
    }

    private static KafkaProducer<byte[], byte[]> producer(DedicatedKafka kafka, String id) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.clients().bootstrapServers(), "transactional.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static String bootstrapServers() {
        return brokers.coordinator().clients().bootstrapServers();
    }

    /** A topic of which one partition is told in any case. */
    private static void createResults(String topic) {
        KafkaClients.get(brokers.admin()
                .createTopics(List.of(new NewTopic(topic, Map.of(0, List.of(OTHER), 1, List.of(COORDINATOR)))))
                .all());
    }

    private static void awaitEnd(String id) {
        Eventually.await("the cluster to end the transaction", LIMIT, () -> ENDED.contains(state(id)));
    }

    private static TransactionState state(String id) {
        TransactionDescription found = KafkaClients.get(
                brokers.admin().describeTransactions(List.of(id)).description(id));
        return found.state();
    }

    private static List<Left> leftOpen(Stream<TopicPartition> partitions) {
        List<Left> left = new ArrayList<>();
        KafkaClients.get(brokers.admin().describeProducers(partitions.toList()).all())
                .forEach((partition, state) -> state.activeProducers().stream()
                        .filter(each -> each.currentTransactionStartOffset().isPresent())
                        .forEach(each -> left.add(new Left(partition, each))));
        return left;
    }

    /** The partition of the offsets of a group. */
    private static TopicPartition offsetsOf(String group) {
        return new TopicPartition(
                "__consumer_offsets", Utils.abs(group.hashCode()) % DedicatedKafka.OFFSETS_PARTITIONS);
    }

    private static Stream<TopicPartition> offsetsPartitions() {
        return IntStream.range(0, DedicatedKafka.OFFSETS_PARTITIONS)
                .mapToObj(number -> new TopicPartition("__consumer_offsets", number));
    }

    /** A worker of a group that stores two records of a topic in another. */
    private record Worker(Installation kstage, String group) {
        Worker(Path home, String group) {
            this(Installation.in(home).at(bootstrapServers()), group);
            createResults(results(0).topic());
            KafkaClients.get(brokers.admin()
                    .createTopics(List.of(new NewTopic(source().topic(), Map.of(0, List.of(COORDINATOR)))))
                    .all());
        }

        void send() {
            brokers.coordinator().clients().send(source().topic(), 0, "1", "2");
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
                    "--group-instance-id",
                    "one");
        }

        List<String> results() {
            return brokers.coordinator().clients().values(results(0).topic());
        }

        /** Ends a transaction while one of its partitions has no leader. */
        void leaveOpen(String id, Consumer<KafkaProducer<?, ?>> end, boolean withOffsets) {
            try (KafkaProducer<byte[], byte[]> producer = producer(brokers.coordinator(), id)) {
                producer.initTransactions();
                producer.beginTransaction();
                for (int partition = 0; partition < 2; partition++) {
                    var unused = producer.send(new ProducerRecord<>(
                            results(0).topic(), partition, null, KafkaClients.bytes("earlier " + partition)));
                }
                if (withOffsets) {
                    sendOffsets(producer);
                }
                producer.flush();
                brokers.other().die();
                try {
                    end.accept(producer);
                    awaitEnd(id);
                } finally {
                    brokers.other().comeBack();
                }
            }
            assertThat(leftOpen()).as("what this Kafka has not told").isNotEmpty();
        }

        private void sendOffsets(KafkaProducer<byte[], byte[]> producer) {
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", brokers.coordinator().clients().bootstrapServers(), "group.id", group),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                producer.sendOffsetsToTransaction(Map.of(source(), new OffsetAndMetadata(1)), consumer.groupMetadata());
            }
        }

        List<Left> leftOpen() {
            return HangingTransactionsIT.leftOpen(Stream.of(results(0), results(1), offsetsOf(group)));
        }
    }
}
