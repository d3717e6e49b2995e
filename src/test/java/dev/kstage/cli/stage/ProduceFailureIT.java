package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.SharedKafka;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the cluster does not take is counted, and makes the exit code non-zero. */
@ExtendWith(SharedKafka.class)
final class ProduceFailureIT {
    private final Installation kstage;
    private final KafkaClients kafka;

    ProduceFailureIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers());
    }

    @Test
    void a_record_that_is_too_large_is_counted_and_the_others_are_delivered() {
        Outcome outcome = kstage.runWithInput(
                        "{\"n\":1}\n\"" + "x".repeat(2_000_000) + "\"\n{\"n\":3}\n",
                        "produce",
                        "too_large",
                        "--from",
                        "-",
                        "--partition",
                        "0",
                        "-o",
                        "json")
                .expect(1);

        JsonNode report = outcome.report();
        assertThat(report.get("records").asLong()).isEqualTo(2);
        assertThat(report.get("failed").asLong()).isEqualTo(1);
        assertThat(outcome.stderr()).contains("max.message.bytes");
        assertThat(kafka.values("too_large")).containsExactly("{\"n\":1}", "{\"n\":3}");
    }

    @Test
    void what_the_topic_itself_finds_too_large_is_counted_and_the_others_are_delivered() {
        kstage.run("topic", "create", "narrow", "--partitions", "1", "--config", "max.message.bytes=1000")
                .expect(0);

        Outcome outcome = kstage.runWithInput(
                        "{\"n\":1}\n\"" + "x".repeat(5_000) + "\"\n{\"n\":3}\n",
                        "produce",
                        "narrow",
                        "--from",
                        "-",
                        "-o",
                        "json")
                .expect(1);

        assertThat(outcome.report().get("failed").asLong()).isEqualTo(1);
        assertThat(kafka.values("narrow")).containsExactly("{\"n\":1}", "{\"n\":3}");
    }

    @Test
    void a_partition_that_the_topic_does_not_have_is_wrong_usage() {
        kafka.createTopic("three_parts", 3);

        Outcome outcome = kstage.run("produce", "three_parts", "--partition", "3", "-o", "json")
                .expect(2);

        assertThat(outcome.report().get("records").asLong()).isZero();
        assertThat(kstage.run("produce", "three_parts", "--partitions", "2", "--count", "0")
                        .expect(0)
                        .stderr())
                .contains("already exists and does not change");
        assertThat(outcome.stderr()).contains("there is no partition 3", "three_parts has 3, numbered from 0");
        assertThat(kafka.read("three_parts")).isEmpty();
    }

    @Test
    void a_missing_file_costs_no_topic() {
        Outcome outcome =
                kstage.run("produce", "from_nothing", "--from", "absent.jsonl").expect(2);

        assertThat(outcome.stderr()).contains("absent.jsonl", "there is no such file");
        assertThat(kstage.run("produce", "from_nothing", "--from", ".")
                        .expect(2)
                        .stderr())
                .contains("cannot read .", "it is a directory");
        assertThat(kstage.run("produce", "from_nothing", "--partitions", "2", "--partition", "2")
                        .expect(2)
                        .stderr())
                .contains("cannot use --partition 2");
        for (String option : new String[] {"--rate=0", "--format=json", "--separator=;", "--header=a", "-X=1"}) {
            kstage.run("produce", "from_nothing", option).expect(2);
        }
        try (var admin = kafka.admin()) {
            assertThat(KafkaClients.get(admin.listTopics().names())).doesNotContain("from_nothing");
        }
    }

    @Test
    void a_name_that_collides_with_that_of_a_topic_says_with_which() {
        kafka.createTopic("collides.with", 1);

        String[][] commands = {{"topic", "create", "collides_with"}, {"produce", "collides_with", "--count", "1"}};
        for (String[] command : commands) {
            assertThat(kstage.run(command).expect(2).stderr())
                    .contains("it collides with topic collides.with: metrics take . and _ for the same");
        }
    }

    @Test
    void an_internal_topic_is_refused_before_anything_is_tried() {
        Outcome outcome = kstage.run("produce", "__consumer_offsets", "--count", "1", "-b", "localhost:1")
                .expect(2);

        assertThat(outcome.stderr()).contains("cannot produce to topic __consumer_offsets", "internal");
    }

    @Test
    void a_value_without_the_field_of_the_key_is_named_by_its_line() {
        Outcome outcome = kstage.runWithInput(
                        "{\"id\":1}\n{\"no\":2}\n", "produce", "keyless", "--from", "-", "--key-from", "id")
                .expect(1);

        assertThat(outcome.stderr())
                .contains("line 2 of standard input has no key \"id\"", "all lines before it are sent");
        assertThat(kafka.values("keyless")).containsExactly("{\"id\":1}");
    }

    @Test
    void sigterm_stops_a_paced_run_with_its_report_and_143() {
        try (var running = kstage.start("produce", "paced", "--count", "100000", "--rate", "200", "-o", "json")) {
            Eventually.await("the first records", Duration.ofSeconds(20), () -> hasRecords("paced"));
            running.signal("TERM");
            Outcome outcome = running.await().expect(143);
            assertThat(outcome.report().get("records").asLong())
                    .isEqualTo(kafka.read("paced").size());
        }
    }

    private boolean hasRecords(String topic) {
        try (var admin = kafka.admin()) {
            return KafkaClients.get(admin.listTopics().names()).contains(topic)
                    && !kafka.read(topic).isEmpty();
        }
    }
}
