package dev.kstage.cli.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.PostgresServer;
import dev.kstage.installed.SharedKafka;
import dev.kstage.installed.SharedPostgres;
import dev.kstage.kafka.exactlyonce.ResumableTopicSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead letters of every kind of place: listed, shown, and sent again. */
@ExtendWith({SharedKafka.class, SharedPostgres.class})
final class DeadLetterIT {
    // The bytes 1 to 4 mark colours in reports, and are data here.
    private static final String TEXT = "no \u001b[31m\u0001\u0002\u0003\u0004JSON";
    private static final byte[] BINARY = {(byte) 0xff, 0, 'a', '\n'};

    private final Installation kstage;
    private final KafkaClients kafka;

    DeadLetterIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home)
                .asProcess()
                .at(kafka.bootstrapServers())
                .with("KSTAGE_DB_PASSWORD", PostgresServer.PASSWORD);
    }

    /** One good record, and three that can't be stored: text, bytes that are none, and a tombstone. */
    private void fill(String topic) {
        kafka.createTopic(topic, 2);
        ProducerRecord<byte @Nullable [], byte @Nullable []> text =
                new ProducerRecord<>(topic, 1, KafkaClients.bytes("k1"), KafkaClients.bytes(TEXT));
        text.headers().add("trace", KafkaClients.bytes("t-1"));
        kafka.send(List.of(
                new ProducerRecord<>(topic, 0, KafkaClients.bytes("k0"), KafkaClients.bytes("{}")),
                text,
                new ProducerRecord<>(topic, 0, null, BINARY),
                new ProducerRecord<>(topic, 1, KafkaClients.bytes("k2"), null)));
    }

    private void assertListsShowsAndReplays(String topic, String place) {
        JsonNode list =
                kstage.run("dead-letter", "list", place, "-o", "json").expect(0).report();
        assertThat(list.get("total").asLong()).as(list.toString()).isEqualTo(3);
        assertThat(list.get("reasons").get("no value (a tombstone)").asLong()).isEqualTo(1);
        List<String> found = new ArrayList<>();
        list.get("letters")
                .forEach(each -> found.add(each.get("topic").asText() + " " + each.get("partition") + ":"
                        + each.get("offset") + " " + each.get("size")));
        assertThat(found)
                .containsExactlyInAnyOrder(topic + " 0:1 4", topic + " 1:0 " + (2 + TEXT.length()), topic + " 1:1 2");

        JsonNode shown = kstage.run("dead-letter", "show", place, "1:0", "-o", "json")
                .expect(0)
                .report();
        assertThat(shown.get("value").asText()).isEqualTo(TEXT);
        assertThat(shown.get("key").asText()).isEqualTo("k1");
        assertThat(shown.get("headers").toString()).isEqualTo("[{\"key\":\"trace\",\"value\":\"t-1\"}]");
        assertThat(kstage.run("dead-letter", "show", place, "1:0").expect(0).lines())
                .last()
                .isEqualTo(TEXT);
        assertThat(kstage.run("dead-letter", "show", place, "0:1").expect(0).stdout())
                .contains("00000000  ff 00 61 0a")
                .contains("|..a.|");
        kstage.run("dead-letter", "show", place, "0:0").expect(2);

        String target = topic + "-again";
        kafka.createTopic(target, 3);
        JsonNode first = kstage.run("dead-letter", "replay", place, "--to", target, "-o", "json")
                .expect(0)
                .report();
        Outcome second =
                kstage.run("dead-letter", "replay", place, "--to", target).expect(0);

        assertThat(first.get("targets").get(0).get("sentNow").asLong()).isEqualTo(3);
        assertThat(second.stdout()).contains("nothing to send: all 3 records");
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> sent = kafka.read(target);
        assertThat(sent).hasSize(3);
        assertThat(sent).anySatisfy(record -> {
            assertThat(record.key()).isNull();
            assertThat(record.value()).isEqualTo(BINARY);
        });
        assertThat(sent).anySatisfy(record -> {
            assertThat(KafkaClients.text(record.key())).isEqualTo("k1");
            assertThat(record.headers()).singleElement().satisfies(header -> assertThat(header.key())
                    .isEqualTo("trace"));
        });
        assertThat(sent).anySatisfy(record -> assertThat(record.value()).isNull());
    }

    @Test
    void of_a_file() {
        fill("letters-file");
        kstage.run("consume", "letters-file", "--to", "out.jsonl").expect(0);

        assertListsShowsAndReplays("letters-file", "out.jsonl");
        assertThat(kstage.run("dead-letter", "list", "out.dead-letter.jsonl")
                        .expect(0)
                        .lines())
                .last()
                .asString()
                .startsWith("3 dead-letter records in ");
        assertThat(kstage.run("dead-letter", "list", "out.jsonl").expect(0).stdout())
                .doesNotContain("\u001b");
    }

    @Test
    void of_a_directory() {
        fill("letters-dir");
        kstage.run("consume", "letters-dir", "--to", "out/").expect(0);

        assertListsShowsAndReplays("letters-dir", "out/");
        kstage.run("dead-letter", "show", "out/dead-letter/", "1:0").expect(0);
    }

    @Test
    void of_a_topic() {
        fill("letters-topic");
        kafka.createTopic("letters-clean", 2);
        kstage.run("consume", "letters-topic", "--to", "kafka:letters-clean").expect(0);

        assertListsShowsAndReplays("letters-topic", "kafka:letters-clean");
        kstage.run("dead-letter", "show", "kafka:letters-clean.dead-letter", "1:0")
                .expect(0);
    }

    @Test
    void of_a_topic_of_the_users_own_name() {
        fill("letters-own");
        String[] consume = {
            "consume", "letters-own", "--to", "kafka:letters-out", "--dead-letter", "kafka:letters_errors"
        };
        kstage.run(consume).expect(0);
        kafka.createTopic("letters-own-lines", 1);
        kafka.send("letters-own-lines", 0, "{}", "no JSON");
        Installation.write(kstage.file("lines.txt"), """
                {}
                no JSON
                """);
        kstage.run("consume", "letters-own-lines", "--to", "kafka:lines-out", "--dead-letter", "kafka:lines_errors")
                .expect(0);

        assertListsShowsAndReplays("letters-own", "kafka:letters_errors");
        assertThat(kstage.run("dead-letter", "list", "kafka:letters-out")
                        .expect(0)
                        .stdout())
                .startsWith("0 dead-letter records in kafka:letters-out.dead-letter");
        String[] verify = {"verify", "kafka:lines-out", "--from", "lines.txt", "--topic", "letters-own-lines"};
        assertThat(kstage.run(Stream.concat(Stream.of(verify), Stream.of("--dead-letter", "kafka:lines_errors"))
                                .toArray(String[]::new))
                        .expect(0)
                        .stdout())
                .contains("1 dead-letter record");
        assertThat(kstage.run(Stream.concat(Stream.of(verify), Stream.of("--dead-letter", "kafka:lines_nowhere"))
                                .toArray(String[]::new))
                        .expect(3)
                        .stderr())
                .contains("there is no topic lines_nowhere");
    }

    @Test
    void elsewhere_count_only_if_each_command_names_them() {
        fill("letters-far");
        kstage.run("consume", "letters-far", "--to", "of.jsonl", "--dead-letter", "ofdl.jsonl")
                .expect(0);
        kstage.run("consume", "letters-far", "--to", "od/", "--dead-letter", "oddl/")
                .expect(0);
        kafka.send("letters-far", 0, "no JSON");

        assertListsShowsAndReplays("letters-far", "of.jsonl");
        assertThat(kstage.run("consume", "letters-far", "--to", "od/").expect(2).stderr())
                .contains("confirm the directory: --dead-letter " + kstage.file("oddl"));
        kstage.run("consume", "letters-far", "--to", "od/", "--dead-letter", "oddl/")
                .expect(0);
        assertThat(kstage.run("dead-letter", "list", "od/").expect(2).stderr())
                .contains("confirm them: kstage dead-letter list " + kstage.file("oddl"));
        assertThat(kstage.run("dead-letter", "list", "oddl/").expect(0).lines())
                .last()
                .asString()
                .startsWith("4 dead-letter records in " + kstage.file("oddl/"));
        assertThat(kstage.run("consume", "letters-far", "--to", "od/", "--dead-letter", "other/")
                        .expect(2)
                        .stderr())
                .contains(
                        "has its dead-letter records in " + kstage.file("oddl"),
                        "use --dead-letter " + kstage.file("oddl"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch/", "nosuch.jsonl", "nosuch.dead-letter.jsonl", "kafka:nosuch"})
    void of_a_destination_that_is_not_there_there_are_none_to_list(String place) {
        Outcome failed = kstage.run("dead-letter", "list", place).expect(1);

        assertThat(failed.stderr()).contains("cannot read " + place, "there is no such ");
    }

    @Test
    void of_a_destination_that_has_none_yet() {
        kafka.createTopic("letters-none", 1);
        kafka.send("letters-none", 0, "{}");
        kstage.run("consume", "letters-none", "--to", "none.jsonl").expect(0);
        kstage.run("consume", "letters-none", "--to", "none/").expect(0);

        for (String place : List.of("none.jsonl", "none.dead-letter.jsonl", "none/", "none/dead-letter/")) {
            assertThat(kstage.run("dead-letter", "list", place).expect(0).stdout())
                    .startsWith("0 dead-letter records in ");
        }
    }

    @Test
    void of_a_table_of_sqlite() {
        fill("letters-sqlite");
        kstage.run("consume", "letters-sqlite", "--to", "sqlite:events.db").expect(0);

        assertListsShowsAndReplays("letters-sqlite", "sqlite:events.db");
        assertThat(kstage.run(
                                "dead-letter",
                                "replay",
                                "sqlite:" + kstage.file("events.db"),
                                "--table",
                                "letters-sqlite_dead_letter",
                                "--to",
                                "letters-sqlite-again")
                        .expect(0)
                        .stdout())
                .as("by another name of the same place")
                .contains("nothing to send: all 3 records");
    }

    @Test
    void of_a_table_of_postgresql(PostgresServer server) {
        fill("letters-postgres");
        server.createDatabase("letters");
        kstage.run("consume", "letters-postgres", "--to", server.url("letters")).expect(0);

        assertListsShowsAndReplays("letters-postgres", server.url("letters"));
    }

    @Test
    void chosen_ones_go_to_the_partition_that_they_came_from() {
        fill("letters-chosen");
        kstage.run("consume", "letters-chosen", "--to", "out.jsonl").expect(0);

        kstage.run("dead-letter", "replay", "out.jsonl", "--only", "1:0").expect(0);
        kstage.run("dead-letter", "replay", "out.jsonl", "--reason", "tombstone")
                .expect(0);

        List<String> sent = new ArrayList<>();
        for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record : kafka.read("letters-chosen")) {
            if (record.offset() > 1) {
                sent.add(record.partition() + " " + KafkaClients.text(record.key()));
            }
        }
        assertThat(sent).containsExactly("1 k1", "1 k2");
        kstage.run("dead-letter", "replay", "out.jsonl", "--only", "9:9").expect(2);
    }

    @Test
    void what_has_come_since_is_sent_and_nothing_twice_by_whatever_choice() {
        fill("letters-grown");
        kstage.run("consume", "letters-grown", "--to", "out/").expect(0);
        String[] replay = {"dead-letter", "replay", "out/", "--to", "letters-grown-again"};

        assertThat(kstage.run(with(replay, "--only", "1:0")).expect(0).stdout()).contains("sent 1 record ");
        assertThat(kstage.run(replay).expect(0).stdout())
                .contains("sent 2 records ", "3 including earlier attempts of 3");
        assertThat(kstage.run(with(replay, "--reason", "tombstone")).expect(0).stdout())
                .contains("nothing to send");
        kafka.send("letters-grown", 0, "one more");
        kstage.run("consume", "letters-grown", "--to", "out/").expect(0);
        assertThat(kstage.run(replay).expect(0).stdout())
                .contains("sent 1 record ", "4 including earlier attempts of 4");
        assertThat(kstage.run(replay).expect(0).stdout()).contains("nothing to send: all 4 records");

        assertThat(kafka.read("letters-grown-again"))
                .extracting(record -> Arrays.toString(record.key()) + Arrays.toString(record.value()))
                .hasSize(4)
                .doesNotHaveDuplicates();
        kstage.run(with(replay, "--run-id", "all-once-more")).expect(0);
        assertThat(kafka.read("letters-grown-again")).hasSize(8);
    }

    @Test
    void one_that_was_killed_continues_first_though_others_have_come_since() {
        fill("letters-halved");
        kafka.createTopic("letters-halved-again", 1);
        kstage.run("consume", "letters-halved", "--to", "out/").expect(0);
        String[] replay = {"dead-letter", "replay", "out/", "--to", "letters-halved-again"};
        kstage.failingAt("produce.offsets@2:halt").run(replay).expect(137);
        kafka.send("letters-halved", 0, "one more");
        kstage.run("consume", "letters-halved", "--to", "out/").expect(0);

        assertThat(kstage.run(with(replay, "--only", "1:0")).expect(2).stderr())
                .contains("an earlier replay to letters-halved-again is not finished", "neither --only nor");
        kstage.run(replay).expect(0);

        assertThat(kafka.read("letters-halved-again")).hasSize(4);
    }

    @Test
    void when_those_that_were_sent_are_gone_nothing_is_guessed() throws IOException {
        fill("letters-gone");
        kafka.createTopic("letters-gone-again", 1);
        kstage.run("consume", "letters-gone", "--to", "out.jsonl").expect(0);
        String[] replay = {"dead-letter", "replay", "out.jsonl", "--to", "letters-gone-again"};
        kstage.run(replay).expect(0);
        Path letters = kstage.file("out.dead-letter.jsonl");
        Files.write(letters, Files.readAllLines(letters).subList(1, 3));

        assertThat(kstage.run(replay).expect(2).stderr()).contains("have changed since the last replay");
        assertThat(kafka.read("letters-gone-again")).hasSize(3);
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void killed_at_every_step_it_sends_each_once() {
        int letters = 3_000;
        kafka.createTopic("letters-killed", 2);
        String[] values = new String[letters];
        for (int i = 0; i < letters; i++) {
            values[i] = "no JSON " + i;
        }
        kafka.send("letters-killed", 0, values);
        kstage.run("consume", "letters-killed", "--to", "out.jsonl").expect(0);
        for (String failpoint : ResumableTopicSink.FAILPOINTS) {
            String target = "letters-killed-" + failpoint.replace('.', '-');
            kafka.createTopic(target, 1);
            kstage.failingAt(failpoint + ":halt")
                    .run("dead-letter", "replay", "out.jsonl", "--to", target)
                    .expect(137);

            kstage.run("dead-letter", "replay", "out.jsonl", "--to", target).expect(0);

            assertThat(kafka.values(target)).as(failpoint).containsExactly(values);
        }
    }
}
