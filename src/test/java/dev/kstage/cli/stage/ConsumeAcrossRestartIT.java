package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.RunningProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that is killed and comes back between the records that a file stores. */
final class ConsumeAcrossRestartIT {
    private final Installation kstage;

    ConsumeAcrossRestartIT(@TempDir Path home) {
        this.kstage = Installation.in(home).asProcess();
    }

    @AfterEach
    void bringDown() {
        kstage.bringEverythingDown();
    }

    private JsonNode up(String... more) {
        return kstage.run(more).expect(0).report();
    }

    private void restartByForce(JsonNode kafka) {
        RunningProcess.signal("KILL", kafka.get("pid").asLong());
        up("env", "up", "-o", "json");
    }

    @Test
    void a_position_behind_the_marker_of_a_later_leader_is_read_on_from() {
        JsonNode up = up("env", "up", "--port", "0", "-o", "json");
        KafkaClients kafka = new KafkaClients(up.get("bootstrapServers").asText());
        kafka.createTopic("restarted", 1);
        try (var producer = kafka.producer("writer")) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < 5; i++) {
                var unused = producer.send(new ProducerRecord<>("restarted", 0, null, KafkaClients.bytes("" + i)));
            }
            producer.flush();
            restartByForce(up);
            producer.commitTransaction();
        }
        kstage.run("consume", "restarted", "--to", "out.jsonl").expect(0);
        kafka.send("restarted", 0, "5");

        kstage.run("consume", "restarted", "--to", "out.jsonl").expect(0);

        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).containsExactly("0", "1", "2", "3", "4", "5");
    }

    @Test
    void a_broker_that_is_away_is_no_idleness() {
        JsonNode up = up("env", "up", "--port", "0", "-o", "json");
        kstage.run("produce", "outage", "--count", "10").expect(0);
        try (RunningProcess consume = kstage.start("consume", "outage", "--to", "out.jsonl", "--idle-timeout", "6s")) {
            Eventually.await(
                    "the first records",
                    Duration.ofSeconds(30),
                    () -> kstage.file("out.jsonl").toFile().length() > 0);
            consume.signal("STOP");
            kstage.run("produce", "outage", "--count", "15").expect(0);
            RunningProcess.signal("KILL", up.get("pid").asLong());
            consume.signal("CONT");
            up("env", "up", "-o", "json");

            consume.await().expect(0);
        }

        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).hasSize(25);
    }
}
