package dev.kstage.cli.stage;

import static dev.kstage.installed.KafkaClients.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.RunningProcess;
import dev.kstage.installed.SharedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From a topic to another: results, dead letters and position in one transaction. */
@ExtendWith(SharedKafka.class)
final class ConsumeToTopicIT {
    private final Installation kstage;
    private final KafkaClients kafka;

    ConsumeToTopicIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers());
    }

    @Test
    void a_worker_that_sleeps_past_its_session_stores_nothing_a_second_time() {
        kafka.createTopic("slept-past", 6);
        // Before anybody looks into it: a reader that finds no topic has it created, with other partitions.
        kafka.createTopic("slept-past-to", 6);
        String[] command = {"consume", "slept-past", "--to", "kafka:slept-past-to", "--idle-timeout", "12s"};
        try (RunningProcess produce =
                        kstage.start("produce", "slept-past", "--count", "75000", "--seed", "1", "--rate", "3000");
                RunningProcess first = kstage.start(command);
                RunningProcess second = kstage.start(command);
                RunningProcess third = kstage.start(command)) {
            Eventually.await("all to work", Duration.ofSeconds(60), () -> count("slept-past-to") > 10_000);
            first.signal("STOP");
            // All of it, so also what was the share of the one that sleeps.
            Eventually.await("the others to take over", Duration.ofSeconds(80), () -> count("slept-past-to") == 75_000);
            first.signal("CONT");
            produce.await().expect(0);
            first.await().expect(0);
            second.await().expect(0);
            third.await().expect(0);
        }

        assertThat(kafka.values("slept-past-to")).containsExactlyInAnyOrderElementsOf(kafka.values("slept-past"));
        assertThat(inOrder("slept-past-to")).isEqualTo(inOrder("slept-past"));
    }

    private int count(String topic) {
        try {
            return kafka.values(topic).size();
        } catch (KafkaException | AssertionError | NullPointerException e) {
            // It is created by the workers.
            return 0;
        }
    }

    private Map<Integer, List<String>> inOrder(String topic) {
        Map<Integer, List<String>> byPartition = new TreeMap<>();
        for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record : kafka.read(topic)) {
            byPartition
                    .computeIfAbsent(record.partition(), key -> new ArrayList<>())
                    .add(text(record.value()));
        }
        return byPartition;
    }

    @Test
    void a_record_keeps_key_headers_timestamp_and_partition() {
        kafka.createTopic("kept-whole", 3);
        // Not so old that the topic's retention would take it away.
        long timestamp = System.currentTimeMillis() - 60_000;
        ProducerRecord<byte @Nullable [], byte @Nullable []> record =
                new ProducerRecord<>("kept-whole", 2, timestamp, KafkaClients.bytes("k"), KafkaClients.bytes("{}"));
        record.headers().add("h", KafkaClients.bytes("1"));
        kafka.send(List.of(record));
        kstage.run("consume", "kept-whole", "--to", "kafka:whole-to").expect(0);

        ConsumerRecord<byte @Nullable [], byte @Nullable []> stored =
                kafka.read("whole-to").get(0);

        assertThat(stored.partition()).isEqualTo(2);
        assertThat(stored.timestamp()).isEqualTo(timestamp);
        assertThat(text(stored.key())).isEqualTo("k");
        assertThat(text(stored.headers().lastHeader("h").value())).isEqualTo("1");
    }

    @Test
    void what_is_no_json_goes_to_the_dead_letters_with_where_it_came_from() {
        kafka.createTopic("mixed", 1);
        kafka.send("mixed", 0, "{\"a\":1}", "not json", "{\"b\":2}");

        Outcome outcome = kstage.run("consume", "mixed", "--to", "kafka:mixed-to", "-o", "json")
                .expect(0);

        assertThat(outcome.stderr()).contains("created topic mixed-to with 1 partition");
        assertThat(outcome.report().get("deadLettered").asInt()).isEqualTo(1);
        assertThat(kafka.values("mixed-to")).containsExactly("{\"a\":1}", "{\"b\":2}");
        ConsumerRecord<byte @Nullable [], byte @Nullable []> letter =
                kafka.read("mixed-to.dead-letter").get(0);
        assertThat(text(letter.value())).isEqualTo("not json");
        Map<String, String> headers = new TreeMap<>();
        for (Header header : letter.headers()) {
            headers.put(header.key(), text(header.value()));
        }
        assertThat(headers)
                .containsEntry("kstage.topic", "mixed")
                .containsEntry("kstage.partition", "0")
                .containsEntry("kstage.offset", "1")
                .containsEntry("kstage.timestamp", String.valueOf(letter.timestamp()))
                .hasEntrySatisfying(
                        "kstage.reason", reason -> assertThat(reason).startsWith("not JSON"));
    }

    @Test
    void the_topic_itself_and_a_group_of_another_output_are_refused() {
        kafka.createTopic("own", 1);
        kafka.send("own", 0, "1");
        kstage.run("consume", "own", "--to", "kafka:own-to", "--group", "own-group")
                .expect(0);

        assertThat(kstage.run("consume", "own", "--to", "kafka:own").expect(2).stderr())
                .contains("cannot store own in itself");
        assertThat(kstage.run("consume", "own", "--to", "kafka:own-other", "--group", "own-group")
                        .expect(2)
                        .stderr())
                .contains("group own-group holds offsets of another sink");
    }

    @Test
    void a_second_group_is_warned_that_it_stores_everything_once_more() {
        kafka.createTopic("again", 1);
        kafka.send("again", 0, "1");
        Outcome first = kstage.run("consume", "again", "--to", "kafka:again-to", "--group", "one")
                .expect(0);

        Outcome second = kstage.run("consume", "again", "--to", "kafka:again-to", "--group", "two")
                .expect(0);
        Outcome third = kstage.run("consume", "again", "--to", "kafka:again-to", "--group", "two")
                .expect(0);

        Outcome unnamed =
                kstage.run("consume", "again", "--to", "kafka:again-to").expect(0);

        String warning = "topic again-to has records, but none of group ";
        assertThat(unnamed.stderr()).contains(warning + "kstage-again-to-again-to:");
        assertThat(second.stderr()).contains(warning + "two: records of topic again");
        assertThat(first.stderr() + third.stderr()).doesNotContain(warning);
    }

    @Test
    void without_dead_letters_the_first_ends_the_run() {
        kafka.createTopic("strict", 1);
        kafka.send("strict", 0, "not json");

        Outcome failed = kstage.run("consume", "strict", "--to", "kafka:strict-to", "--dead-letter", "none")
                .expect(1);

        assertThat(failed.stderr()).contains("record 0:0 of strict can't be stored");
    }
}
