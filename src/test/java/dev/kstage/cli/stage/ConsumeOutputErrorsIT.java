package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.SharedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens when the output can't take it, or the topic is not what it was. */
@ExtendWith(SharedKafka.class)
final class ConsumeOutputErrorsIT {
    private final Installation kstage;
    private final KafkaClients kafka;

    ConsumeOutputErrorsIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers());
    }

    @Test
    void an_output_that_can_not_be_written_is_refused_with_its_reason() throws IOException {
        kafka.createTopic("unwritable", 1);
        Files.writeString(kstage.file("notes.txt"), "mine");

        assertThat(kstage.run("consume", "unwritable", "--to", "absent/out.jsonl")
                        .expect(2)
                        .stderr())
                .contains("cannot write", "absent");
        assertThat(kstage.run("consume", "unwritable", "--to", ".").expect(2).stderr())
                .contains("is not empty");
        assertThat(kstage.run("consume", "unwritable", "--to", "/dev/null")
                        .expect(2)
                        .stderr())
                .contains("is not a regular file");
        assertThat(kstage.run("consume", "unwritable", "--to", "/sys/out.jsonl")
                        .expect(1)
                        .stderr())
                .contains("/sys/out.jsonl", "permission denied");
    }

    @ParameterizedTest
    @CsvSource({
        "out.jsonl, --table, events, it is for a database",
        "out/, --columns, id text, it is for a database",
        "kafka:other, --user, me, it is for a database",
        "sqlite:out.db, --roll-every, 1s, it is for a directory",
        "out.jsonl, --roll-size, 1m, it is for a directory",
        "-, --dead-letter, bad.jsonl, it is for destinations that check values",
        "out.jsonl, --group-instance-id, one, it is for destinations that several workers can share",
        "sqlite:out.db, --group-protocol, consumer, it is for destinations that several workers can share",
        "-, --group-instance-id, one, it is for destinations that several workers can share",
    })
    void what_means_nothing_for_a_destination_is_refused(String place, String option, String value, String why) {
        assertThat(kstage.run("consume", "any", "--to", place, option, value)
                        .expect(2)
                        .stderr())
                .contains(option + " can't be used with ", why, "leave out the option");
        assertThat(kstage.file("out")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "out.jsonl, kafka:late, a file",
        "out.jsonl, late/, a file",
        "out.jsonl, -, a file",
        "out/, sqlite:late.db, a directory",
        "sqlite:out.db, kafka:late, a table",
        "kafka:other, late.jsonl, a topic",
    })
    void dead_letters_in_a_destination_of_another_kind_are_refused(String place, String deadLetter, String kind) {
        assertThat(kstage.run("consume", "any", "--to", place, "--dead-letter", deadLetter)
                        .expect(2)
                        .stderr())
                .contains(
                        "cannot store dead-letter records in " + deadLetter,
                        "the results go to " + kind,
                        "try: name " + kind);
    }

    @Test
    void dead_letters_in_the_file_of_the_results_are_refused() throws IOException {
        Files.writeString(kstage.file("lines"), "{}\nno JSON\n");
        kstage.run("produce", "itself", "--from", "lines").expect(0);

        assertThat(kstage.run("consume", "itself", "--to", "out.jsonl", "--dead-letter", "./out.jsonl")
                        .expect(2)
                        .stderr())
                .contains("cannot store dead-letter records in", "it is the file of the results");

        kstage.run("consume", "itself", "--to", "out.jsonl", "--dead-letter", "late.jsonl")
                .expect(0);
        assertThat(kstage.run("consume", "itself", "--to", "other.jsonl", "--dead-letter", "late.jsonl")
                        .expect(2)
                        .stderr())
                .contains("late.jsonl has the dead-letter records of ");
        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).containsExactly("{}");
        assertThat(Installation.linesOf(kstage.file("late.jsonl"))).hasSize(1);
    }

    @Test
    void a_kind_of_destination_that_there_is_not_is_no_file() {
        assertThat(kstage.run("consume", "any", "--to", "sqllite:out.db")
                        .expect(2)
                        .stderr())
                .contains("cannot use sqllite:...", "write a file of that name as ./NAME");
        kstage.run("produce", "odd_name", "--count", "1").expect(0);
        kstage.run("consume", "odd_name", "--to", "./foo:bar").expect(0);
        kstage.run("consume", "odd_name", "--to", "foo:bar").expect(0);
    }

    @Test
    void a_full_disk_is_a_failure_and_with_room_again_the_same_command_completes() throws IOException {
        kstage.run("produce", "no_room", "--count", "2000").expect(0);

        Outcome full = kstage.shell("ulimit -f 100; kstage consume no_room --to out.jsonl -o json --report run.json")
                .expect(1);
        assertThat(full.stderr()).contains("cannot write", "out.jsonl", "run the same command again");
        assertThat(full.report().get("stoppedBecause").asText()).isEqualTo("failure");
        assertThat(full.report().get("read").asLong() + full.report().get("lag").asLong())
                .isEqualTo(2000);
        assertThat(Files.readString(kstage.file("run.json"))).contains("\"stoppedBecause\":\"failure\"");

        kstage.run("consume", "no_room", "--to", "out.jsonl").expect(0);
        assertThat(Installation.linesOf(kstage.file("out.jsonl")))
                .containsExactlyInAnyOrderElementsOf(kafka.values("no_room"));
    }

    @Test
    void a_closed_pipe_is_a_quiet_end_and_a_full_device_is_not() {
        kstage.run("produce", "piped", "--count", "2000").expect(0);

        Outcome head = kstage.shell("set -o pipefail; kstage consume piped -q | head -1")
                .expect(0);
        assertThat(head.lines()).hasSize(1);
        assertThat(head.stderr()).isEmpty();
        assertThat(kstage.shell("kstage consume piped > /dev/full").expect(1).stderr())
                .contains("cannot write to standard output", "stopped at: failure");
        assertThat(kstage.shell("kstage topic list > /dev/full").expect(1).stderr())
                .contains("cannot write to standard output");
    }

    @Test
    void a_topic_that_was_created_again_is_not_read_into_the_old_file() {
        kafka.createTopic("reborn", 1);
        kafka.send("reborn", 0, "1", "2");
        kstage.run("consume", "reborn", "--to", "out.jsonl").expect(0);
        try (Admin admin = kafka.admin()) {
            KafkaClients.get(admin.deleteTopics(List.of("reborn")).all());
            Eventually.await("the deletion", Duration.ofSeconds(20), () -> !KafkaClients.get(
                            admin.listTopics().names())
                    .contains("reborn"));
        }
        kafka.createTopic("reborn", 1);
        kafka.send("reborn", 0, "3", "4", "5");

        assertThat(kstage.run("consume", "reborn", "--to", "out.jsonl")
                        .expect(2)
                        .stderr())
                .contains("the topic was deleted and recreated");
        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).containsExactly("1", "2");
    }

    @Test
    void records_lost_to_retention_before_they_were_read_stop_the_run_and_are_named() {
        kafka.createTopic("retained", 1);
        kafka.send("retained", 0, "0", "1", "2", "3", "4", "5");
        kstage.run("consume", "retained", "--to", "out.jsonl", "--count", "2").expect(0);
        try (Admin admin = kafka.admin()) {
            KafkaClients.get(
                    admin.deleteRecords(Map.of(new TopicPartition("retained", 0), RecordsToDelete.beforeOffset(5)))
                            .all());
        }

        assertThat(kstage.run("consume", "retained", "--to", "out.jsonl")
                        .expect(1)
                        .stderr())
                .contains("partition 0 of retained", "its offsets 2 to 4 were deleted", "nothing was skipped");
        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).containsExactly("0", "1");
        assertThat(Files.exists(kstage.file("out.dead-letter.jsonl"))).isFalse();
    }

    @Test
    void a_name_that_ends_like_another_form_is_refused_with_the_right_spelling() {
        Map<String, String> remedies =
                Map.of("kv.db", "write sqlite:kv.db", "out.csv", "ends in .jsonl", "out.parquet", "ends in .jsonl");
        remedies.forEach((name, remedy) -> {
            assertThat(kstage.run("consume", "any_form", "--to", name).expect(2).stderr())
                    .contains("cannot store in " + name, remedy, "use ./" + name);
            assertThat(kstage.file(name)).doesNotExist();
        });
    }
}
