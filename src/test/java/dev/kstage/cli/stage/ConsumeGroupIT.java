package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.SharedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The group of a consume: a display of its lag, never its position. */
@ExtendWith(SharedKafka.class)
final class ConsumeGroupIT {
    private final Installation kstage;
    private final KafkaClients kafka;

    ConsumeGroupIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).at(kafka.bootstrapServers());
    }

    @Test
    void describe_shows_the_lag_of_a_run_that_stopped_early() {
        kafka.createTopic("lagging", 1);
        kafka.send("lagging", 0, "1", "2", "3", "4", "5");
        kstage.run("consume", "lagging", "--to", "out.jsonl", "--group", "slow", "--count", "2")
                .expect(0);

        JsonNode group = kstage.run("topic", "describe", "lagging", "-o", "json")
                .expect(0)
                .report()
                .get("groups")
                .get(0);

        assertThat(group.get("group").asText()).isEqualTo("slow");
        assertThat(group.get("lag").asLong()).isEqualTo(3);
        assertThat(group.get("partitions").get(0).get("committedOffset").asLong())
                .isEqualTo(2);
    }

    @Test
    void a_worker_with_an_instance_name_leaves_the_group_when_it_has_ended() {
        kafka.createTopic("left", 2);
        kafka.send("left", 0, "1");
        kstage.run("consume", "left", "--to", "out/", "--group-instance-id", "one")
                .expect(0);

        JsonNode group = kstage.run("topic", "describe", "left", "-o", "json")
                .expect(0)
                .report()
                .get("groups")
                .get(0);

        assertThat(group.get("state").asText()).isEqualTo("Empty");
        assertThat(group.get("members").asInt()).isZero();
    }

    @Test
    void the_offsets_of_another_program_are_not_moved() {
        kafka.createTopic("foreign", 1);
        kafka.send("foreign", 0, "1", "2");
        TopicPartition partition = new TopicPartition("foreign", 0);
        try (Admin admin = kafka.admin()) {
            KafkaClients.get(admin.alterConsumerGroupOffsets("etl", Map.of(partition, new OffsetAndMetadata(1)))
                    .all());

            Outcome refused = kstage.run("consume", "foreign", "--to", "out.jsonl", "--group", "etl")
                    .expect(2);

            assertThat(refused.stderr()).contains("group etl holds offsets of another application");
            assertThat(KafkaClients.get(admin.listConsumerGroupOffsets("etl").partitionsToOffsetAndMetadata())
                            .get(partition))
                    .isEqualTo(new OffsetAndMetadata(1));
        }
    }

    @Test
    void one_group_is_not_made_to_show_two_files() {
        kafka.createTopic("grouped", 1);
        kafka.send("grouped", 0, "1");
        kstage.run("consume", "grouped", "--to", "one.jsonl", "--group", "only").expect(0);

        Outcome second = kstage.run("consume", "grouped", "--to", "two.jsonl", "--group", "only")
                .expect(2);

        assertThat(second.stderr()).contains("group only holds offsets of another sink");
        kstage.run("consume", "grouped", "--to", "one.jsonl", "--group", "only").expect(0);
        assertThat(Installation.linesOf(kstage.file("one.jsonl"))).containsExactly("1");
    }

    @Test
    void a_refused_group_leaves_a_destination_that_another_run_can_begin() {
        kafka.createTopic("taken", 2);
        kafka.send("taken", 0, "1");
        kstage.run("consume", "taken", "--to", "first.jsonl", "--group", "used").expect(0);

        for (String place : List.of("out/", "sqlite:events.db")) {
            assertThat(kstage.run("consume", "taken", "--to", place, "--group", "used")
                            .expect(2)
                            .stderr())
                    .contains("group used holds offsets of another sink");
            JsonNode report = kstage.run(
                            "consume", "taken", "--to", place, "--group", "new-" + place.length(), "-o", "json")
                    .expect(0)
                    .report();
            assertThat(report.get("stored").asLong()).as(place).isEqualTo(1);
        }
    }

    @Test
    void standard_output_continues_at_the_offsets_of_its_group_and_starts_again_without_one() {
        kafka.createTopic("printed", 1);
        kafka.send("printed", 0, "1", "2");

        assertThat(kstage.run("consume", "printed", "--group", "p").expect(0).lines())
                .containsExactly("1", "2");
        kafka.send("printed", 0, "3");
        Outcome more = kstage.run("consume", "printed", "--group", "p").expect(0);
        assertThat(more.lines()).containsExactly("3");
        assertThat(more.stderr()).contains("at least once: after a kill some records are printed again");
        Outcome again = kstage.run("consume", "printed").expect(0);
        assertThat(again.lines()).containsExactly("1", "2", "3");
        assertThat(again.stderr()).contains("at least once: it stores no offsets, so the next run starts at --from");
    }

    @Test
    void the_file_has_the_position_also_where_the_group_was_reset() {
        kafka.createTopic("reset", 1);
        kafka.send("reset", 0, "1", "2");
        kstage.run("consume", "reset", "--to", "out.jsonl", "--group", "r").expect(0);
        try (var admin = kafka.admin()) {
            KafkaClients.get(admin.deleteConsumerGroups(List.of("r")).all());
        }
        kafka.send("reset", 0, "3");

        kstage.run("consume", "reset", "--to", "out.jsonl", "--group", "r").expect(0);

        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).containsExactly("1", "2", "3");
    }

    @Test
    void a_file_that_was_deleted_without_its_position_is_refused_and_nothing_is_written() {
        kafka.createTopic("torn", 1);
        kafka.send("torn", 0, "1", "2");
        kstage.run("consume", "torn", "--to", "out.jsonl").expect(0);
        Installation.write(kstage.file("out.jsonl"), "1\n");

        Outcome outcome = kstage.run("consume", "torn", "--to", "out.jsonl").expect(2);

        assertThat(outcome.stderr()).contains("shorter than its committed length", "it has 2 of 4 bytes");
        assertThat(Files.exists(kstage.file("out.jsonl.position"))).isTrue();
    }
}
