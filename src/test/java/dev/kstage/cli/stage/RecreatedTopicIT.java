package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.PostgresServer;
import dev.kstage.installed.RunningProcess;
import dev.kstage.installed.SharedKafka;
import dev.kstage.installed.SharedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A topic that is deleted and created again while a run is paused: no commit holds a record of the new one. */
@ExtendWith({SharedKafka.class, SharedPostgres.class})
final class RecreatedTopicIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final Installation kstage;
    private final KafkaClients kafka;
    private final String topic = "recreated-" + UUID.randomUUID();

    RecreatedTopicIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers());
    }

    @Test
    void a_run_into_postgresql_stores_nothing_of_the_new_one(PostgresServer postgres) {
        postgres.createDatabase("recreated");
        stores_nothing_of_the_new_one(
                kstage.with("KSTAGE_DB_PASSWORD", PostgresServer.PASSWORD), postgres.url("recreated"));
        assertThat(postgres.query("recreated", "SELECT count(*) FROM \"" + topic + "\""))
                .containsExactly("300");
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.jsonl", "out/", "sqlite:out.db", "-"})
    void a_run_that_reads_it_stores_nothing_of_the_new_one(String destination) {
        stores_nothing_of_the_new_one(kstage, destination);
    }

    private void stores_nothing_of_the_new_one(Installation kstage, String destination) {
        kafka.createTopic(topic, 3);
        send(0, 300);
        String oldId = id();
        String group = "group-" + topic;
        String[] command = {"consume", topic, "--to", destination, "--follow", "--group", group};
        try (RunningProcess run = kstage.start(command)) {
            Eventually.await("all to be committed", LIMIT, () -> committed(group) == 300);
            run.signal("STOP");
            recreate();
            send(300, 900);
            run.signal("CONT");

            assertThat(run.await(LIMIT).expect(2).stderr())
                    .contains("topic " + topic + " was deleted and created again during this run")
                    .contains("its id was " + oldId + " and is " + id());
        }
        if (destination.equals("out.jsonl")) {
            assertThat(Installation.linesOf(kstage.file("out.jsonl"))).hasSize(300);
        }
        // The group's offsets are gone with the topic, unless the run has committed some of the new one.
        assertThat(committed(group)).isZero();
        if (!destination.equals("-")) {
            assertThat(kstage.run(command).expect(2).stderr()).containsPattern("was deleted and (re)?created");
        }
    }

    @Test
    void a_run_that_moves_it_to_another_topic_moves_nothing_of_the_new_one() {
        String target = topic + "-to";
        kafka.createTopic(topic, 3);
        kafka.createTopic(target, 3);
        send(0, 300);
        try (RunningProcess run = kstage.start("consume", topic, "--to", "kafka:" + target, "--follow")) {
            Eventually.await(
                    "all to be moved", LIMIT, () -> kafka.values(target).size() == 300);
            run.signal("STOP");
            recreate();
            send(300, 900);
            run.signal("CONT");

            assertThat(run.await(LIMIT).expect(2).stderr())
                    .contains("topic " + topic + " was deleted and created again");
        }
        assertThat(kafka.values(target)).hasSize(300);
    }

    @Test
    void a_run_whose_target_it_is_commits_no_position_for_what_went_to_the_new_one() {
        String from = topic + "-from";
        kafka.createTopic(from, 3);
        kafka.createTopic(topic, 3);
        kafka.send(from, 0, values(0, 300));
        try (RunningProcess run = kstage.start("consume", from, "--to", "kafka:" + topic, "--follow")) {
            Eventually.await("all to be moved", LIMIT, () -> kafka.values(topic).size() == 300);
            run.signal("STOP");
            recreate();
            kafka.send(from, 0, values(300, 900));
            run.signal("CONT");

            assertThat(run.await(LIMIT).expect(2).stderr())
                    .contains("topic " + topic + " was deleted and created again");
        }
        assertThat(kafka.values(topic)).isEmpty();
    }

    @Test
    void produce_with_a_run_id_commits_nothing_to_the_new_one() {
        kafka.createTopic(topic, 3);
        String[] command = {"produce", topic, "--count", "100000", "--rate", "1000", "--run-id", topic};
        try (RunningProcess run = kstage.start(command)) {
            Eventually.await(
                    "some to be sent", LIMIT, () -> !kafka.values(topic).isEmpty());
            run.signal("STOP");
            recreate();
            run.signal("CONT");

            Outcome outcome = run.await(LIMIT).expect(2);
            assertThat(outcome.stderr()).contains("topic " + topic + " was deleted and created again");
        }
        assertThat(kafka.values(topic)).isEmpty();
    }

    @Test
    void a_replay_commits_nothing_to_the_new_one() {
        String from = topic + "-from";
        kafka.createTopic(from, 1);
        kafka.createTopic(topic, 3);
        kafka.send(from, 0, "not JSON", "not JSON either");
        kstage.run("consume", from, "--to", "out.jsonl").expect(0);
        Path paused = kstage.file("paused");
        String[] replay = {"dead-letter", "replay", "out.jsonl", "--to", topic};
        // What is sent the first time is the checkpoint of the start.
        try (RunningProcess run =
                kstage.failingAt("produce.sent@2:pause=" + paused).start(replay)) {
            Eventually.await("the dead-letter records to be sent", LIMIT, () -> Files.exists(paused));
            recreate();
            Files.delete(paused);

            assertThat(run.await(LIMIT).expect(2).stderr())
                    .contains("topic " + topic + " was deleted and created again");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(kafka.values(topic)).isEmpty();
    }

    private void send(int first, int number) {
        for (int partition = 0; partition < 3; partition++) {
            kafka.send(topic, partition, values(first + partition * number / 3, number / 3));
        }
    }

    private static String[] values(int first, int number) {
        return IntStream.range(first, first + number).mapToObj(String::valueOf).toArray(String[]::new);
    }

    private void recreate() {
        try (Admin admin = kafka.admin()) {
            KafkaClients.get(admin.deleteTopics(List.of(topic)).all());
            Eventually.await("the deletion", LIMIT, () -> !KafkaClients.get(
                            admin.listTopics().names())
                    .contains(topic));
        }
        kafka.createTopic(topic, 3);
    }

    private String id() {
        try (Admin admin = kafka.admin()) {
            Map<String, TopicDescription> found =
                    KafkaClients.get(admin.describeTopics(List.of(topic)).allTopicNames());
            return Objects.requireNonNull(found.get(topic)).topicId().toString();
        }
    }

    /** The sum of the offsets that a group has committed. */
    private long committed(String group) {
        try (Admin admin = kafka.admin()) {
            return KafkaClients.get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .values()
                    .stream()
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        }
    }
}
