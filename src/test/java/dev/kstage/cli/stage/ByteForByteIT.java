package dev.kstage.cli.stage;

import static dev.kstage.installed.KafkaClients.bytes;
import static dev.kstage.installed.KafkaClients.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.SharedKafka;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is sent from a file, and what is stored of it, down to the byte. */
@ExtendWith(SharedKafka.class)
final class ByteForByteIT {
    private final Installation kstage;
    private final KafkaClients kafka;

    ByteForByteIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers());
    }

    /** Distinct lines of JSON with everything that a careless copy would change. */
    private static List<String> awkwardLines(int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(
                    switch (i % 5) {
                        case 0 ->
                            "{\"id\":" + i
                                    + ",\"actor\":{\"login\":\"a\\u00e9\\\"\\\\\",\"tags\":[1,[2,{\"x\":null}]]}}";
                        case 1 -> "{ \"id\" :\t" + i + " , \"text\" : \"naïve 😀 \u2028 漢字\" }";
                        case 2 -> "{\"id\":" + i + ",\r\"big\":123456789012345678901234567890.10,\"e\":1E+2}";
                        case 3 -> "{\"id\":" + i + ",\"id2\":1,\"id2\":2,\"empty\":{},\"s\":\"\"}";
                        default -> "  {\"id\":" + i + ",\"long\":\"" + "x".repeat(i) + "\"}  ";
                    });
        }
        return lines;
    }

    @Test
    void a_file_comes_out_byte_for_byte_each_partition_in_input_order() {
        List<String> input = awkwardLines(5_000);
        Installation.write(kstage.file("in.jsonl"), String.join("\n", input) + "\n");

        kstage.run("produce", "awkward", "--from", "in.jsonl", "--key-from", "id")
                .expect(0);
        kstage.run("consume", "awkward", "--to", "out.jsonl").expect(0);

        List<String> output = Installation.linesOf(kstage.file("out.jsonl"));
        assertThat(output).containsExactlyInAnyOrderElementsOf(input);
        Map<String, Integer> lineOfInput = positions(input);
        Map<String, Integer> lineOfOutput = positions(output);
        Map<Integer, Integer> lastInput = new HashMap<>();
        Map<Integer, Integer> lastOutput = new HashMap<>();
        for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record : kafka.read("awkward")) {
            String value = text(record.value());
            int number = lineOfInput.getOrDefault(value, -1);
            assertThat(text(record.key())).isEqualTo(String.valueOf(number));
            assertThat(number).isGreaterThan(lastInput.getOrDefault(record.partition(), -1));
            lastInput.put(record.partition(), number);
            int stored = lineOfOutput.getOrDefault(value, -1);
            assertThat(stored).isGreaterThan(lastOutput.getOrDefault(record.partition(), -1));
            lastOutput.put(record.partition(), stored);
        }
        assertThat(lastInput).hasSize(3);
    }

    private static Map<String, Integer> positions(List<String> lines) {
        Map<String, Integer> positions = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            positions.put(lines.get(i), i);
        }
        return positions;
    }

    @Test
    void a_nested_field_can_be_the_key_and_empty_lines_are_skipped_and_counted() {
        JsonNode report = kstage.runWithInput(
                        "{\"actor\":{\"id\":\"ä\"}}\n\n{\"actor\":{\"id\":7}}",
                        "produce",
                        "nested_key",
                        "--from",
                        "-",
                        "--key-from",
                        "actor.id",
                        "-o",
                        "json")
                .expect(0)
                .report();

        assertThat(report.get("records").asLong()).isEqualTo(2);
        assertThat(report.get("skipped").asLong()).isEqualTo(1);
        assertThat(kafka.read("nested_key"))
                .extracting(record -> text(record.key()))
                .containsExactlyInAnyOrder("ä", "7");
    }

    @Test
    void lines_of_key_and_value_are_parted_at_the_first_separator() {
        kstage.runWithInput(
                        "k1::{\"a\":\"::\"}\n::{}\n",
                        "produce",
                        "key_values",
                        "--from",
                        "-",
                        "--format",
                        "key-value",
                        "--separator",
                        "::",
                        "--partition",
                        "0")
                .expect(0);

        assertThat(kafka.read("key_values"))
                .extracting(record -> text(record.key()) + "=" + text(record.value()))
                .containsExactly("k1={\"a\":\"::\"}", "={}");
    }

    @Test
    void a_line_without_separator_is_refused_by_its_number_and_what_stood_before_it_is_sent() {
        Outcome outcome = kstage.runWithInput(
                        "a\t1\nb\t2\nc3\n", "produce", "no_separator", "--from", "-", "--format", "key-value")
                .expect(1);

        assertThat(outcome.stderr()).contains("line 3 of standard input", "separator");
        assertThat(kafka.values("no_separator")).isSubsetOf("1", "2");
    }

    @Test
    void a_line_can_hold_a_whole_record() {
        String line = "{\"key\":\"k\",\"value\":{\"a\":1},\"headers\":{\"trace\":\"t-1\",\"none\":null},"
                + "\"partition\":2,\"timestamp\":1700000000000}";
        kstage.runWithInput(
                        line + "\n{\"keyBase64\":\"/wA=\",\"value\":null,\"partition\":1}\n",
                        "produce",
                        "whole",
                        "--from",
                        "-",
                        "--format",
                        "json",
                        "--header",
                        "by=test")
                .expect(0);

        Map<Integer, ConsumerRecord<byte @Nullable [], byte @Nullable []>> records = new HashMap<>();
        kafka.read("whole").forEach(record -> records.put(record.partition(), record));
        assertThat(records.get(2)).isNotNull().satisfies(record -> {
            assertThat(text(record.key())).isEqualTo("k");
            assertThat(text(record.value())).isEqualTo("{\"a\":1}");
            assertThat(record.timestamp()).isEqualTo(1_700_000_000_000L);
            assertThat(record.headers().toArray()).extracting(Header::key).containsExactly("trace", "none", "by");
            assertThat(record.headers().lastHeader("trace").value()).isEqualTo(bytes("t-1"));
            assertThat(record.headers().lastHeader("none").value()).isNull();
            assertThat(record.headers().lastHeader("by").value()).isEqualTo(bytes("test"));
        });
        assertThat(records.get(1)).isNotNull().satisfies(record -> {
            assertThat(record.key()).containsExactly(0xff, 0);
            assertThat(record.value()).isNull();
        });
    }

    @Test
    void what_is_not_json_becomes_a_dead_letter_with_all_of_its_record() {
        kafka.createTopic("dirty", 1);
        byte[] binary = {(byte) 0xff, 0, 1};
        ProducerRecord<byte @Nullable [], byte @Nullable []> bad =
                new ProducerRecord<>("dirty", 0, 1_700_000_000_000L, bytes("k1"), bytes("{\"bad\":"));
        bad.headers().add("h", bytes("v")).add("b", binary).add("n", null);
        kafka.send(List.of(
                new ProducerRecord<>("dirty", 0, bytes("k0"), bytes("{\"good\":1}")),
                bad,
                new ProducerRecord<>("dirty", 0, binary, binary),
                new ProducerRecord<>("dirty", 0, null, null),
                new ProducerRecord<>("dirty", 0, null, bytes("[2]"))));

        JsonNode report = kstage.run("consume", "dirty", "--to", "out.jsonl", "-o", "json")
                .expect(0)
                .report();

        assertThat(report.get("read").asLong()).isEqualTo(5);
        assertThat(report.get("stored").asLong()).isEqualTo(2);
        assertThat(report.get("deadLettered").asLong()).isEqualTo(3);
        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).containsExactly("{\"good\":1}", "[2]");
        List<JsonNode> letters = Installation.linesOf(kstage.file("out.dead-letter.jsonl")).stream()
                .map(Outcome::json)
                .toList();
        assertThat(letters).extracting(letter -> letter.get("offset").asLong()).containsExactly(1L, 2L, 3L);
        assertThat(letters).allSatisfy(letter -> {
            assertThat(letter.get("topic").asText()).isEqualTo("dirty");
            assertThat(letter.get("partition").asInt()).isZero();
            assertThat(letter.get("reason").asText()).isNotBlank();
        });
        JsonNode first = letters.get(0);
        assertThat(first.get("timestamp").asLong()).isEqualTo(1_700_000_000_000L);
        assertThat(first.get("key").asText()).isEqualTo("k1");
        assertThat(first.get("value").asText()).isEqualTo("{\"bad\":");
        assertThat(first.get("headers").get(0)).isEqualTo(Outcome.json("{\"key\":\"h\",\"value\":\"v\"}"));
        assertThat(first.get("headers").get(1)).isEqualTo(Outcome.json("{\"key\":\"b\",\"valueBase64\":\"/wAB\"}"));
        assertThat(first.get("headers").get(2)).isEqualTo(Outcome.json("{\"key\":\"n\",\"value\":null}"));
        assertThat(Base64.getDecoder().decode(letters.get(1).get("keyBase64").asText()))
                .isEqualTo(binary);
        assertThat(Base64.getDecoder().decode(letters.get(1).get("valueBase64").asText()))
                .isEqualTo(binary);
        assertThat(letters.get(2).get("value").isNull()).isTrue();
        assertThat(letters.get(2).get("reason").asText()).contains("tombstone");
    }

    @Test
    void dead_letters_can_be_sent_again_as_the_records_that_they_were() {
        kafka.createTopic("dead", 1);
        byte[] binary = {(byte) 0xff, 0, 1};
        ProducerRecord<byte @Nullable [], byte @Nullable []> bad =
                new ProducerRecord<>("dead", 0, 1_700_000_000_000L, bytes("k1"), binary);
        bad.headers().add("h", bytes("v")).add("b", binary).add("h", bytes("again"));
        kafka.send(List.of(bad));
        kstage.run("consume", "dead", "--to", "out.jsonl").expect(0);

        kstage.run("produce", "risen", "--from", "out.dead-letter.jsonl", "--format", "json")
                .expect(0);

        assertThat(kafka.read("risen")).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo(bytes("k1"));
            assertThat(record.value()).isEqualTo(binary);
            assertThat(record.timestamp()).isEqualTo(1_700_000_000_000L);
            assertThat(record.headers().toArray())
                    .extracting(
                            header -> header.key() + "=" + Base64.getEncoder().encodeToString(header.value()))
                    .containsExactly("h=dg==", "b=/wAB", "h=YWdhaW4=");
        });
    }

    @Test
    void every_codec_arrives_as_it_was_sent() {
        for (String codec : List.of("gzip", "snappy", "lz4", "zstd")) {
            kstage.run("produce", "squeezed", "--count", "200", "--seed", "3", "--compression", codec)
                    .expect(0);
        }
        kstage.run("consume", "squeezed", "--to", "out.jsonl").expect(0);

        List<String> lines = Installation.linesOf(kstage.file("out.jsonl"));
        assertThat(lines).hasSize(800);
        assertThat(Map.copyOf(positions(lines))).hasSize(200);
    }
}
