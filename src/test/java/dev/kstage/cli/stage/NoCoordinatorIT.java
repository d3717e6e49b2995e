package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.DedicatedKafka;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that is alone, with Kafka's own defaults: it is to keep the offsets of groups and the transactions in three
 * copies, so it never keeps them, and clients wait for whoever does.
 */
final class NoCoordinatorIT {
    private static final String TOPIC = "orders";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String OF_GROUPS = "topic __consumer_offsets is to have 3 replicas"
            + " (offsets.topic.replication.factor), and the cluster has 1 broker";
    private static final String OF_TRANSACTIONS = "topic __transaction_state is to have 3 replicas"
            + " (transaction.state.log.replication.factor), and the cluster has 1 broker";

    // Soon given up, so that its partitions soon have no leader.
    private static final Map<String, String> SHORT_SESSIONS =
            Map.of("broker.session.timeout.ms", "2000", "broker.heartbeat.interval.ms", "300");

    private static DedicatedKafka kafka;

    @TempDir
    Path home;

    @BeforeAll
    static void start() {
        kafka = DedicatedKafka.start(
                List.of(),
                Map.of("offsets.topic.replication.factor", "3", "transaction.state.log.replication.factor", "3"));
        kafka.clients().createTopic(TOPIC, 2);
    }

    @AfterAll
    static void end() {
        if (kafka != null) {
            kafka.close();
        }
    }

    private Installation installation() {
        return Installation.in(home).at(kafka.clients().bootstrapServers());
    }

    private static void assertTold(Outcome outcome, String why, String setting) {
        outcome.expect(4);
        assertThat(outcome.stderr()).contains(why, "set " + setting + "=1");
        assertThat(outcome.time()).isLessThan(LIMIT);
    }

    @Test
    void a_worker_that_is_to_share_says_why_it_can_not_join() {
        Outcome born = installation().run("consume", TOPIC, "--to", "out/", "--group", "etl");
        assertTold(born, "group etl has no coordinator: " + OF_GROUPS, "offsets.topic.replication.factor");

        Outcome joining = installation().run("consume", TOPIC, "--to", "own/");
        assertTold(joining, OF_GROUPS, "offsets.topic.replication.factor");
        assertThat(joining.stderr()).contains("cannot join group");
        assertThat(joining.stdout()).contains("lag not known; stopped at: failure");
    }

    @Test
    void one_that_is_soon_idle_says_so_too() {
        Outcome outcome = installation().run("consume", TOPIC, "--to", "out/", "--idle-timeout", "2s");

        assertTold(outcome, OF_GROUPS, "offsets.topic.replication.factor");
    }

    @Test
    void a_position_that_can_not_be_read_is_explained() {
        assertTold(
                installation().run("consume", TOPIC, "--group", "etl"),
                "group etl has no coordinator: " + OF_GROUPS,
                "offsets.topic.replication.factor");
        assertTold(
                installation().run("consume", TOPIC, "--to", "kafka:results", "--group", "etl"),
                "group etl has no coordinator: " + OF_GROUPS,
                "offsets.topic.replication.factor");
    }

    @Test
    void a_run_that_rests_on_transactions_says_why_there_are_none() {
        assertTold(
                installation().run("produce", TOPIC, "--run-id", "today", "--count", "10"),
                "transactional id kstage.today has no coordinator: " + OF_TRANSACTIONS,
                "transaction.state.log.replication.factor");
    }

    @Test
    void results_that_rest_on_transactions_say_why_there_are_none() {
        try (DedicatedKafka other =
                DedicatedKafka.start(List.of(), Map.of("transaction.state.log.replication.factor", "3"))) {
            other.clients().createTopic(TOPIC, 1);

            Outcome outcome = Installation.in(home)
                    .at(other.clients().bootstrapServers())
                    .run("consume", TOPIC, "--to", "kafka:results", "--group", "etl");

            assertTold(outcome, OF_TRANSACTIONS, "transaction.state.log.replication.factor");
        }
    }

    @Test
    void a_coordinator_that_may_not_write_is_explained() {
        Map<String, String> both = new HashMap<>(SHORT_SESSIONS);
        both.put("transaction.state.log.replication.factor", "2");
        both.put("transaction.state.log.min.isr", "2");
        both.put("offsets.topic.replication.factor", "2");
        try (DedicatedKafka one = DedicatedKafka.start(List.of(), both);
                DedicatedKafka two = one.join(2, List.of(), both);
                Admin admin = one.clients().admin()) {
            KafkaClients.get(admin.createTopics(List.of(new NewTopic(TOPIC, Map.of(0, List.of(1)))))
                    .all());
            Installation installation = Installation.in(home).at(one.clients().bootstrapServers());
            installation
                    .run("produce", TOPIC, "--run-id", "before", "--count", "1")
                    .expect(0);
            two.die();
            Eventually.await(
                    "broker 2 to be missed",
                    LIMIT,
                    () -> partitionsLedBy(2, "__transaction_state", admin).isEmpty()
                            && partitionsLedBy(2, "__consumer_offsets", admin).isEmpty());

            Outcome outcome = installation
                    .run("produce", TOPIC, "--run-id", "today", "--count", "10")
                    .expect(4);

            assertThat(outcome.stderr())
                    .contains(
                            "the coordinator of transactional id kstage.today can't write: partition ",
                            " of __transaction_state has 1 replica in sync, and needs 2 (min.insync.replicas)");
        }
    }

    @Test
    void a_file_needs_no_group_and_says_why_it_shows_no_lag() {
        installation().run("produce", TOPIC, "--count", "10").expect(0);

        Outcome stored =
                installation().run("consume", TOPIC, "--to", "out.jsonl").expect(0);

        assertThat(stored.stderr()).contains("warning: group kstage-out-", OF_GROUPS);
        assertThat(Installation.linesOf(installation().file("out.jsonl"))).hasSize(10);
    }

    @Test
    void a_coordinator_whose_broker_is_down_is_named() {
        try (DedicatedKafka one = DedicatedKafka.start(List.of(), SHORT_SESSIONS);
                DedicatedKafka two = one.join(2, List.of(), SHORT_SESSIONS);
                Admin admin = one.clients().admin()) {
            KafkaClients.get(admin.createTopics(List.of(new NewTopic(TOPIC, Map.of(0, List.of(1)))))
                    .all());
            KafkaClients.get(admin.listConsumerGroupOffsets("any").partitionsToOffsetAndMetadata());
            int partition = partitionsLedBy(2, "__consumer_offsets", admin).get(0);
            String group = Stream.iterate(0, each -> each + 1)
                    .map(each -> "etl" + each)
                    .filter(each -> Utils.abs(each.hashCode()) % DedicatedKafka.OFFSETS_PARTITIONS == partition)
                    .findFirst()
                    .orElseThrow();
            two.die();
            Eventually.await("broker 2 to be missed", LIMIT, () -> partitionsLedBy(2, "__consumer_offsets", admin)
                    .isEmpty());

            Outcome outcome = Installation.in(home)
                    .at(one.clients().bootstrapServers())
                    .run("consume", TOPIC, "--to", "out/", "--group", group)
                    .expect(4);

            assertThat(outcome.stderr())
                    .contains(
                            "group " + group + " has no coordinator: partition " + partition
                                    + " of __consumer_offsets has no leader",
                            "check that its brokers are up (2)");
        }
    }

    private static List<Integer> partitionsLedBy(int broker, String topic, Admin admin) {
        return KafkaClients.get(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                .flatMap(found -> found.partitions().stream())
                .filter(each -> each.leader() != null && each.leader().id() == broker)
                .map(TopicPartitionInfo::partition)
                .toList();
    }
}
