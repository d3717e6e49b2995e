package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.RunningProcess;
import dev.kstage.installed.SharedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a run starts and when it stops. */
@ExtendWith(SharedKafka.class)
final class ConsumeStopRulesIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Installation kstage;
    private final KafkaClients kafka;

    ConsumeStopRulesIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers());
    }

    private static String[] numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toArray(String[]::new);
    }

    private List<String> stored() {
        return Installation.linesOf(kstage.file("out.jsonl"));
    }

    private JsonNode consume(String topic, String... options) {
        return kstage.run(options(topic, options)).expect(0).report();
    }

    private static String[] options(String topic, String... options) {
        return IntStream.range(0, options.length + 6)
                .mapToObj(i -> i < 6
                        ? List.of("consume", topic, "--to", "out.jsonl", "-o", "json")
                                .get(i)
                        : options[i - 6])
                .toArray(String[]::new);
    }

    @Test
    void count_is_exact_and_the_next_run_continues_after_it() {
        kafka.createTopic("counted", 1);
        kafka.send("counted", 0, numbers(0, 1_000));

        JsonNode first = consume("counted", "--count", "137");
        assertThat(first.get("stoppedBecause").asText()).isEqualTo("count");
        assertThat(first.get("read").asLong()).isEqualTo(137);
        assertThat(first.get("lag").asLong()).isEqualTo(863);
        assertThat(first.get("positions").get("0").asLong()).isEqualTo(137);
        assertThat(stored()).containsExactly(numbers(0, 137));

        assertThat(consume("counted", "--count", "3").get("read").asLong()).isEqualTo(3);
        JsonNode last = consume("counted", "--count", "5000");
        assertThat(last.get("stoppedBecause").asText()).isEqualTo("end");
        assertThat(stored()).containsExactly(numbers(0, 1_000));
    }

    @Test
    void idle_waits_for_more_than_the_end_and_then_stops() {
        kafka.createTopic("idle", 1);
        kafka.send("idle", 0, "1");
        try (RunningProcess running = kstage.start(options("idle", "--idle-timeout", "3s"))) {
            Eventually.await(
                    "the first record", LIMIT, () -> Files.exists(kstage.file("out.jsonl")) && !stored().isEmpty());
            kafka.send("idle", 0, "2");
            Outcome outcome = running.await().expect(0);
            assertThat(outcome.report().get("stoppedBecause").asText()).isEqualTo("idle");
        }
        assertThat(stored()).containsExactly("1", "2");
    }

    @Test
    void max_time_ends_a_run_that_follows() {
        kafka.createTopic("timed", 1);
        kafka.send("timed", 0, "1");

        JsonNode report = consume("timed", "--follow", "--max-time", "1500ms");

        assertThat(report.get("stoppedBecause").asText()).isEqualTo("maxTime");
        assertThat(report.get("durationMs").asLong()).isBetween(1_400L, 6_000L);
        assertThat(stored()).containsExactly("1");
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    void a_signal_ends_a_run_that_follows_with_all_of_it_stored(String signal, int code) {
        String topic = "followed_" + signal;
        kafka.createTopic(topic, 1);
        kafka.send(topic, 0, numbers(0, 500));
        try (RunningProcess running = kstage.start(options(topic, "--follow", "--group", topic))) {
            Eventually.await(
                    "records", LIMIT, () -> kstage.file("out.jsonl").toFile().length() > 0);
            running.signal(signal);
            Outcome outcome = running.await().expect(code);
            assertThat(outcome.report().get("stoppedBecause").asText()).isEqualTo("interrupted");
            assertThat(outcome.report().get("stored").asLong()).isEqualTo(500);
        }
        assertThat(stored()).containsExactly(numbers(0, 500));
        assertThat(groupOf(topic).get("lag").asLong()).isZero();

        kafka.send(topic, 0, numbers(500, 600));
        assertThat(consume(topic, "--group", topic).get("read").asLong()).isEqualTo(100);
        assertThat(stored()).containsExactly(numbers(0, 600));
    }

    private JsonNode groupOf(String topic) {
        return kstage.run("topic", "describe", topic, "-o", "json")
                .expect(0)
                .report()
                .get("groups")
                .get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "from_latest, latest, 5",
        "from_offset, 3, 3",
        "from_beyond, 99, 5",
        "from_last, -2, 3",
        "from_time, @1970-01-01T00:00:04Z, 4",
        "from_millis, @4000, 4",
        "from_future, @2100-01-01, 5"
    })
    void a_first_run_starts_where_the_user_says_and_later_ones_continue(String topic, String from, int first) {
        // Records of 1970 are older than a broker keeps them, once it comes to look.
        kafka.createTopic(topic, 1, Map.of("retention.ms", "-1"));
        List<ProducerRecord<byte @Nullable [], byte @Nullable []>> records = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            records.add(new ProducerRecord<>(topic, 0, i * 1_000L, null, KafkaClients.bytes(String.valueOf(i))));
        }
        kafka.send(records);

        Outcome begun = kstage.run(options(topic, "--from", from, "-q")).expect(0);
        assertThat(begun.report().get("read").asLong()).isEqualTo(5L - first);
        assertThat(begun.stderr())
                .isEqualTo(
                        switch (topic) {
                            case "from_beyond" -> warningOfStart("beyond the end");
                            case "from_future" -> warningOfStart("after the last record");
                            default -> "";
                        });
        kafka.send(topic, 0, "5");
        assertThat(consume(topic, "--from", from).get("read").asLong()).isEqualTo(1);

        assertThat(stored()).containsExactly(numbers(first, 6));
    }

    private static String warningOfStart(String where) {
        return "kstage: warning: --from is " + where + ", so only new records are read, in partition 0 (end 5)\n";
    }

    @Test
    void it_waits_for_a_topic_that_comes_later() {
        try (RunningProcess running = kstage.start(options("late", "--wait-for-topic", "40s", "--count", "10"))) {
            Eventually.await("the run to say where it connects", LIMIT, () -> !running.stderr()
                    .isEmpty());
            assertThat(running.isAlive()).isTrue();
            kstage.run("produce", "late", "--count", "10").expect(0);
            assertThat(running.await().expect(0).report().get("stoppedBecause").asText())
                    .isEqualTo("count");
        }
        assertThat(stored()).hasSize(10);
        Outcome more = kstage.run(options("late", "--from", "latest")).expect(0);
        assertThat(more.report().get("read").asLong()).isZero();
        assertThat(more.stderr()).contains("--from is ignored");
    }

    @Test
    void the_end_of_a_topic_that_it_had_to_wait_for_is_not_the_end() {
        try (RunningProcess running = kstage.start(options("fresh", "--wait-for-topic", "40s", "--from", "3"))) {
            Eventually.await(
                    "the run to wait", LIMIT, () -> running.stderr().contains("waiting for topic fresh to be created"));
            kafka.createTopic("fresh", 1);
            Eventually.await("the note", LIMIT, () -> running.stderr().contains("--idle-timeout"));
            Eventually.await("the start", LIMIT, () -> running.stderr().contains("--from is beyond the end"));
            kafka.send("fresh", 0, "1", "2");

            Outcome outcome = running.await().expect(0);
            assertThat(outcome.report().get("stoppedBecause").asText()).isEqualTo("idle");
            assertThat(stored()).containsExactly("1", "2");
        }
    }

    @Test
    void it_gives_up_waiting_for_a_topic_that_does_not_come() {
        Outcome outcome =
                kstage.run("consume", "never", "--wait-for-topic", "1s").expect(4);

        assertThat(outcome.stderr()).contains("there is no topic never", "it was not created within");
    }

    @Test
    void nothing_to_read_has_the_code_that_the_user_gave_it() {
        kafka.createTopic("empty", 3);

        assertThat(kstage.run("consume", "empty", "--to", "out.jsonl", "--exit-code-if-empty", "99")
                        .code())
                .isEqualTo(99);
        kafka.send("empty", 2, "1");
        kstage.run("consume", "empty", "--to", "out.jsonl", "--exit-code-if-empty", "99")
                .expect(0);
    }
}
