package dev.kstage.cli.stage;

import static dev.kstage.installed.KafkaClients.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.RunningProcess;
import dev.kstage.installed.SharedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Records that the topic they go to does not take: no run waits for them, and each is named. */
@ExtendWith(SharedKafka.class)
final class RecordRefusedIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    // What a batch and a record add to a value of this length, without a key.
    private static final int AROUND = 70;

    private final Installation kstage;
    private final KafkaClients kafka;
    private final String source = "large-" + UUID.randomUUID();
    private final String small = source + "-to";

    RecordRefusedIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers());
    }

    @BeforeEach
    void fill() {
        kafka.createTopic(source, 1);
        kafka.send(source, 0, json(508), "{\"a\":1}", json(300 - AROUND), json(301 - AROUND), "{\"b\":2}");
    }

    /** A JSON text of so many bytes. */
    private static String json(int length) {
        return "\"" + "x".repeat(length - 2) + "\"";
    }

    private Outcome run(String... command) {
        Outcome outcome = kstage.run(command);
        assertThat(outcome.time()).as(outcome.command()).isLessThan(LIMIT);
        return outcome;
    }

    @Test
    void are_dead_letters_of_a_run_from_topic_to_topic() {
        kafka.createTopic(small, 1, Map.of("max.message.bytes", "300"));
        ProducerRecord<byte @Nullable [], byte @Nullable []> withHeader =
                new ProducerRecord<>(source, 0, KafkaClients.bytes("key"), KafkaClients.bytes("{\"c\":3}"));
        withHeader.headers().add("h", KafkaClients.bytes("y".repeat(300)));
        kafka.send(List.of(withHeader));

        Outcome outcome =
                run("consume", source, "--to", "kafka:" + small, "-o", "json").expect(0);

        assertThat(kafka.values(small)).containsExactly("{\"a\":1}", json(300 - AROUND), "{\"b\":2}");
        assertThat(kafka.values(small + ".dead-letter")).containsExactly(json(508), json(301 - AROUND), "{\"c\":3}");
        assertThat(kafka.read(small + ".dead-letter"))
                .extracting(letter ->
                        text(letter.headers().lastHeader("kstage.reason").value()))
                .contains("it takes 301 bytes, and topic " + small + " takes 300 (max.message.bytes)");
        assertThat(outcome.report().get("stored").asInt()).isEqualTo(3);
        assertThat(outcome.report().get("deadLettered").asInt()).isEqualTo(3);
        assertThat(outcome.report().get("lag").asInt()).isZero();
        assertThat(run("consume", source, "--to", "kafka:" + small, "-o", "json")
                        .expect(0)
                        .report()
                        .get("read")
                        .asInt())
                .isZero();
    }

    @Test
    void end_a_run_without_dead_letters() {
        kafka.createTopic(small, 1, Map.of("max.message.bytes", "300"));

        assertThat(run("consume", source, "--to", "kafka:" + small, "--dead-letter", "none")
                        .expect(1)
                        .stderr())
                .contains(
                        "the record at offset 0 of partition 0 of topic " + source + " can't be stored",
                        "topic " + small + " takes 300 (max.message.bytes)");
        assertThat(kafka.values(small)).isEmpty();
    }

    @Test
    void are_dead_letters_though_only_the_broker_knows_that_they_are_too_large() {
        kafka.createTopic(small, 1, Map.of("max.message.bytes", "300"));
        byte[] noise = new byte[2_000];
        new Random(7).nextBytes(noise);
        String incompressible = "\"" + Base64.getEncoder().encodeToString(noise) + "\"";
        kafka.send(source, 0, incompressible, json(4_000), incompressible, "{\"d\":4}");

        Outcome outcome = run("consume", source, "--to", "kafka:" + small, "-X", "compression.type=gzip", "-o", "json")
                .expect(0);

        assertThat(kafka.values(small))
                .containsExactly(
                        json(508),
                        "{\"a\":1}",
                        json(300 - AROUND),
                        json(301 - AROUND),
                        "{\"b\":2}",
                        json(4_000),
                        "{\"d\":4}");
        assertThat(kafka.values(small + ".dead-letter")).containsExactly(incompressible, incompressible);
        assertThat(kafka.read(small + ".dead-letter")
                        .get(0)
                        .headers()
                        .lastHeader("kstage.reason")
                        .value())
                .asString(StandardCharsets.UTF_8)
                .startsWith("topic " + small + " does not take it: ");
        assertThat(outcome.report().get("deadLettered").asInt()).isEqualTo(2);
    }

    @Test
    void are_dead_letters_where_they_need_a_key_or_have_a_time_that_is_not_taken() {
        kafka.createTopic(small, 1, Map.of("cleanup.policy", "compact", "message.timestamp.before.max.ms", "3600000"));
        long now = System.currentTimeMillis();
        kafka.send(List.of(
                new ProducerRecord<>(source, 0, now, KafkaClients.bytes("k"), KafkaClients.bytes("1")),
                new ProducerRecord<>(source, 0, now - 7_200_000, KafkaClients.bytes("k"), KafkaClients.bytes("2")),
                new ProducerRecord<>(source, 0, now - 60_000, KafkaClients.bytes("k"), KafkaClients.bytes("3"))));

        run("consume", source, "--to", "kafka:" + small).expect(0);

        assertThat(kafka.values(small)).containsExactly("1", "3");
        assertThat(kafka.read(small + ".dead-letter"))
                .hasSize(6)
                .extracting(letter ->
                        text(letter.headers().lastHeader("kstage.reason").value()))
                .contains("it has no key, and topic " + small + " is compacted (cleanup.policy)")
                .last()
                .asString()
                .contains("is older than 1 h 0 min", "message.timestamp.before.max.ms");
    }

    @Test
    void end_a_run_if_the_topic_of_dead_letters_does_not_take_them_either() {
        kafka.createTopic(small, 1, Map.of("cleanup.policy", "compact"));
        kafka.createTopic(small + ".dead-letter", 1, Map.of("cleanup.policy", "compact"));

        assertThat(run("consume", source, "--to", "kafka:" + small).expect(1).stderr())
                .contains(
                        "the record at offset 0 of partition 0 of topic " + source
                                + " can't be stored, not even as a dead-letter record",
                        "topic " + small + ".dead-letter does not take it");
        assertThat(kafka.values(small)).isEmpty();
    }

    @Test
    void end_a_run_whose_dead_letters_are_too_large_too() {
        kafka.createTopic(small, 1, Map.of("max.message.bytes", "300"));
        kafka.createTopic(small + ".dead-letter", 1, Map.of("max.message.bytes", "300"));

        run("consume", source, "--to", "kafka:" + small).expect(1);

        assertThat(kafka.values(small)).isEmpty();
        assertThat(kafka.values(small + ".dead-letter")).isEmpty();
    }

    @Test
    void fail_a_run_of_produce() {
        kafka.createTopic(small, 1, Map.of("max.message.bytes", "300"));
        Installation.write(kstage.file("in.jsonl"), json(508) + "\n{\"a\":1}\n" + json(600) + "\n{\"b\":2}\n");

        assertThat(run("produce", small, "--from", "in.jsonl").expect(1).stderr())
                .contains(
                        "line 1 of in.jsonl can't be sent to topic " + small,
                        "it takes 578 bytes, and topic " + small + " takes 300 (max.message.bytes)");
        assertThat(kafka.values(small)).containsExactly("{\"a\":1}", "{\"b\":2}");
        Installation.write(kstage.file("in.jsonl"), "{\"a\":1}\n\n" + json(300 - AROUND) + "\n" + json(600) + "\n");
        assertThat(run("produce", small, "--from", "in.jsonl", "--run-id", source)
                        .expect(1)
                        .stderr())
                .contains("line 4 of in.jsonl can't be sent to topic " + small);
        run("produce", small, "--from", "in.jsonl", "--compression", "gzip", "--run-id", source + "-gzip")
                .expect(0);
    }

    @Test
    void end_a_replay() {
        kafka.createTopic(small, 1, Map.of("max.message.bytes", "300"));
        kafka.send(source, 0, "not JSON " + "x".repeat(508), "not JSON");
        run("consume", source, "--to", "out.jsonl").expect(0);

        assertThat(run("dead-letter", "replay", "out.jsonl", "--to", small)
                        .expect(1)
                        .stderr())
                .contains("the dead-letter record of offset 5 can't be sent to topic " + small, "(max.message.bytes)");
        assertThat(kafka.values(small)).isEmpty();
    }

    @Test
    void near_the_limit_are_sent_by_a_run_that_has_an_id() {
        kafka.createTopic(small, 1, Map.of("max.message.bytes", "300"));
        StringBuilder lines = new StringBuilder();
        for (int less = 0; less < 40; less++) {
            lines.append(json(300 - AROUND - less)).append("\n{\"a\":1}\n");
        }
        Installation.write(kstage.file("in.jsonl"), lines.toString());

        run("produce", small, "--from", "in.jsonl", "--run-id", source).expect(0);
        run("produce", small, "--from", "in.jsonl").expect(0);

        assertThat(kafka.values(small)).hasSize(160);
    }

    /** Also by the dead letters, whose topic has the same limits: there the time stands in a header. */
    @Test
    void are_dead_letters_if_they_are_of_the_far_future() {
        String late = source + "-late";
        long time = System.currentTimeMillis() + Duration.ofDays(2).toMillis();
        kafka.createTopic(late, 1, Map.of("message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE)));
        kafka.createTopic(small, 1);
        kafka.send(List.of(
                new ProducerRecord<>(late, 0, time, null, KafkaClients.bytes("1")),
                new ProducerRecord<>(late, 0, time, null, KafkaClients.bytes("no JSON"))));
        kafka.send(late, 0, "3");

        run("consume", late, "--to", "kafka:" + small).expect(0);

        assertThat(kafka.values(small)).containsExactly("3");
        assertThat(kafka.read(small + ".dead-letter")).hasSize(2).allSatisfy(letter -> assertThat(
                        text(letter.headers().lastHeader("kstage.timestamp").value()))
                .isEqualTo(String.valueOf(time)));
    }

    /** The topic is compacted while a run is at work, which knows only what it was told at its start. */
    @Test
    void are_dead_letters_and_take_none_of_their_batch_with_them() {
        kafka.createTopic(small, 1);
        try (RunningProcess consume = kstage.start("consume", source, "--to", "kafka:" + small, "--follow")) {
            Eventually.await("the first five", LIMIT, () -> kafka.values(small).size() == 5);
            try (Admin admin = kafka.admin()) {
                AlterConfigOp compact =
                        new AlterConfigOp(new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.SET);
                KafkaClients.get(admin.incrementalAlterConfigs(
                                Map.of(new ConfigResource(ConfigResource.Type.TOPIC, small), List.of(compact)))
                        .all());
            }
            kafka.send(List.of(
                    new ProducerRecord<>(source, 0, KafkaClients.bytes("k"), KafkaClients.bytes("11")),
                    new ProducerRecord<>(source, 0, null, KafkaClients.bytes("12")),
                    new ProducerRecord<>(source, 0, KafkaClients.bytes("l"), KafkaClients.bytes("13"))));
            Eventually.await("what came later", LIMIT, () -> kafka.values(small).containsAll(List.of("11", "13")));
            assertThat(kafka.values(small + ".dead-letter")).containsExactly("12");
            consume.signal("TERM");
            consume.await().expect(143);
        }
    }

    @Test
    void are_named_by_produce_though_only_the_broker_knows() {
        kafka.createTopic(small, 1, Map.of("max.message.bytes", "300"));
        byte[] noise = new byte[2_000];
        new Random(7).nextBytes(noise);
        String incompressible = "\"" + Base64.getEncoder().encodeToString(noise) + "\"";
        Installation.write(kstage.file("in.jsonl"), "1\n" + incompressible + "\n3\n");
        String[] produce = {"produce", small, "--from", "in.jsonl", "--compression", "gzip"};

        assertThat(run(produce).expect(1).stderr()).contains("line 2 of in.jsonl can't be sent to topic " + small);
        assertThat(kafka.values(small)).containsExactly("1", "3");
        assertThat(run("produce", small, "--from", "in.jsonl", "--compression", "gzip", "--run-id", source)
                        .expect(1)
                        .stderr())
                .contains("line 2 of in.jsonl can't be sent to topic " + small);
    }
}
