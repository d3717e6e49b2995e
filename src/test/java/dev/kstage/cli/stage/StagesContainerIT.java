package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Docker;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.kafka.KafkaContainer;

/** Both stages against the Kafka that other people's tests start. */
final class StagesContainerIT {
    @BeforeEach
    void docker() {
        Docker.require();
    }

    @Test
    void every_event_goes_through_a_kafka_of_testcontainers_once(@TempDir Path home) {
        try (KafkaContainer container = new KafkaContainer(Docker.KAFKA_IMAGE)) {
            container.start();
            String servers = container.getBootstrapServers();
            Installation kstage = Docker.installation(home).at(servers);

            kstage.run("produce", "events", "--count", "2000", "--run-id", "one")
                    .expect(0);
            kstage.run("produce", "events", "--count", "2000", "--run-id", "one")
                    .expect(0);
            kstage.run("consume", "events", "--to", "out.jsonl").expect(0);
            kstage.run("consume", "events", "--to", "out.jsonl").expect(0);

            assertThat(Installation.linesOf(kstage.file("out.jsonl")))
                    .hasSize(2000)
                    .containsExactlyInAnyOrderElementsOf(new KafkaClients(servers).values("events"));
            assertThat(kstage.run("topic", "describe", "events", "-o", "json")
                            .expect(0)
                            .report()
                            .get("partitions"))
                    .isNotEmpty();
        }
    }
}
