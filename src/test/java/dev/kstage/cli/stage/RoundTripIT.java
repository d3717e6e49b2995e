package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.SharedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Both stages with the built-in events, and what their reports say. */
@ExtendWith(SharedKafka.class)
final class RoundTripIT {
    private final Installation kstage;
    private final KafkaClients kafka;

    RoundTripIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers()).asProcess();
    }

    @Test
    void a_thousand_events_go_to_user_events_and_into_a_file_by_default() {
        JsonNode produced =
                kstage.run("produce", "-o", "json", "--seed", "11").expect(0).report();
        Outcome consume = kstage.run("consume", "--to", "out.jsonl").expect(0);

        assertThat(produced.get("topic").asText()).isEqualTo("user_events");
        assertThat(produced.get("records").asLong()).isEqualTo(1000);
        assertThat(consume.lines().get(consume.lines().size() - 1))
                .matches("consumed 1,000 records of user_events in .*: 1,000 stored in out.jsonl, lag 0; "
                        + "stopped at: end of topic");
        assertThat(Installation.linesOf(kstage.file("out.jsonl")))
                .hasSize(1000)
                .containsExactlyInAnyOrderElementsOf(kafka.values("user_events"))
                .allSatisfy(line -> assertThat(Outcome.keys(Outcome.json(line)))
                        .contains(
                                "event_id",
                                "user_id",
                                "session_id",
                                "event_type",
                                "page",
                                "amount",
                                "currency",
                                "device",
                                "country",
                                "timestamp"));
    }

    @Test
    void a_second_consume_adds_nothing_and_a_third_what_came_in_between() {
        kstage.run("produce", "hundred_thousand", "--count", "100000", "--seed", "7")
                .expect(0);

        kstage.run("consume", "hundred_thousand", "--to", "out.jsonl").expect(0);
        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).hasSize(100_000);

        JsonNode second = kstage.run("consume", "hundred_thousand", "--to", "out.jsonl", "-o", "json")
                .expect(0)
                .report();
        assertThat(second.get("read").asLong()).isZero();
        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).hasSize(100_000);

        kstage.run("produce", "hundred_thousand", "--count", "500", "--seed", "8")
                .expect(0);
        JsonNode third = kstage.run("consume", "hundred_thousand", "--to", "out.jsonl", "-o", "json")
                .expect(0)
                .report();
        assertThat(third.get("read").asLong()).isEqualTo(500);
        List<String> lines = Installation.linesOf(kstage.file("out.jsonl"));
        assertThat(lines).hasSize(100_500);
        assertThat(new HashSet<>(lines)).isEqualTo(new HashSet<>(kafka.values("hundred_thousand")));
    }

    @Test
    void the_same_seed_gives_the_same_events_whose_purchases_follow_a_page_view() {
        kstage.run("produce", "seeded_once", "--seed", "5", "--partitions", "1").expect(0);
        kstage.run("produce", "seeded_again", "--seed", "5", "--partitions", "1")
                .expect(0);
        kstage.run("produce", "seeded_otherwise", "--seed", "6", "--partitions", "1")
                .expect(0);

        List<String> events = kafka.values("seeded_once");
        assertThat(kafka.values("seeded_again")).isEqualTo(events);
        assertThat(kafka.values("seeded_otherwise")).doesNotContainAnyElementsOf(events);
        HashSet<String> viewed = new HashSet<>();
        int purchases = 0;
        for (String event : events) {
            JsonNode json = Outcome.json(event);
            String session = json.get("session_id").asText();
            if (json.get("event_type").asText().equals("purchase")) {
                assertThat(viewed).contains(session);
                purchases++;
            } else if (json.get("event_type").asText().equals("page_view")) {
                viewed.add(session);
            }
        }
        assertThat(purchases).isPositive();
    }

    @Test
    void every_report_has_its_keys_and_is_in_the_last_line_of_standard_output() {
        JsonNode produced = kstage.run("produce", "reports", "-o", "json", "--report", "produced.json")
                .expect(0)
                .report();
        JsonNode consumed = kstage.run("consume", "reports", "--to", "out.jsonl", "-o", "json")
                .expect(0)
                .report();
        JsonNode described = kstage.run("topic", "describe", "reports", "-o", "json")
                .expect(0)
                .report();

        assertThat(Outcome.keys(produced))
                .containsExactly(
                        "command",
                        "topic",
                        "runId",
                        "template",
                        "seed",
                        "key",
                        "keyFrom",
                        "keyIfMissing",
                        "records",
                        "failed",
                        "deadLettered",
                        "deadLetterFile",
                        "skipped",
                        "bytes",
                        "durationMs",
                        "recordsPerSecond",
                        "partitions");
        assertThat(produced.get("partitions")).hasSize(3).allSatisfy(each -> assertThat(Outcome.keys(each))
                .containsExactly("records", "firstOffset", "lastOffset"));
        assertThat(Outcome.keys(consumed))
                .containsExactly(
                        "command",
                        "topic",
                        "group",
                        "sink",
                        "read",
                        "stored",
                        "filtered",
                        "deadLettered",
                        "stoppedBecause",
                        "durationMs",
                        "recordsPerSecond",
                        "positions",
                        "lag");
        assertThat(consumed.get("stoppedBecause").asText()).isEqualTo("end");
        assertThat(Outcome.keys(consumed.get("positions"))).containsExactly("0", "1", "2");
        assertThat(Outcome.keys(described))
                .containsExactly(
                        "topic",
                        "topicId",
                        "partitions",
                        "records",
                        "approximate",
                        "sizeBytes",
                        "config",
                        "groups",
                        "notes");
        assertThat(Outcome.keys(described.get("partitions").get(0)))
                .contains("partition", "leader", "replicas", "isr", "startOffset", "endOffset", "records", "sizeBytes");
        assertThat(Outcome.keys(described.get("groups").get(0))).contains("group", "state", "lag", "partitions");
        assertThat(Outcome.keys(described.get("groups").get(0).get("partitions").get(0)))
                .contains("partition", "committedOffset", "lag");
        assertThat(described.get("records").asLong()).isEqualTo(1000);
        assertThat(described.get("approximate").asBoolean()).isFalse();
    }

    @Test
    void a_report_file_is_written_whatever_standard_output_carries() throws IOException {
        JsonNode produced = kstage.run("produce", "to_report", "-o", "json", "--report", "produced.json")
                .expect(0)
                .report();
        assertThat(Outcome.json(Files.readString(kstage.file("produced.json")))).isEqualTo(produced);

        Outcome consume = kstage.run("consume", "to_report", "-o", "json", "--report", "consumed.json")
                .expect(0);
        assertThat(consume.lines()).containsExactlyInAnyOrderElementsOf(kafka.values("to_report"));
        assertThat(consume.reportBeside().get("sink").asText()).isEqualTo("-");
        assertThat(Outcome.json(Files.readString(kstage.file("consumed.json")))).isEqualTo(consume.reportBeside());

        Outcome quiet = kstage.run("produce", "to_report", "-q", "--report", "quiet.json")
                .expect(0);
        assertThat(quiet.stderr()).isEmpty();
        assertThat(Outcome.json(Files.readString(kstage.file("quiet.json")))
                        .get("records")
                        .asLong())
                .isEqualTo(1000);
    }

    @Test
    void a_picture_of_the_topic_shows_its_partitions_and_who_reads_it() {
        kstage.run("produce", "pictured", "--count", "30", "--partition", "1").expect(0);
        kstage.run("consume", "pictured", "--to", "out.jsonl", "--group", "painters")
                .expect(0);

        String picture = kstage.run("topic", "describe", "pictured").expect(0).stdout();

        assertThat(picture)
                .containsPattern("topic pictured {2}id \\S+")
                .contains("partition  leader  replicas  isr  start  end  records")
                .containsPattern("\\n +1 +1 +1 +1 +0 +30 +30 ")
                .containsPattern("painters +Empty +0 +0 +0 +0")
                .containsPattern("pictured: 3 partitions, 30 records, .* on disk, 1 consumer group\\n$");
    }
}
