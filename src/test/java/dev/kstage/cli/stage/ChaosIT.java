package dev.kstage.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.RunningProcess;
import dev.kstage.installed.SharedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The smoke test under disturbance: its verdict, and that nothing of it stays, however it ends. */
@ExtendWith(SharedKafka.class)
final class ChaosIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Installation kstage;
    private final KafkaClients kafka;

    ChaosIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).asProcess();
    }

    // ReadmeIT has a round for each kind of place.
    @Test
    void it_passes_on_a_kafka_of_its_own_and_leaves_nothing() throws Exception {
        Outcome smoke = kstage.start(
                        "smoke",
                        "--chaos",
                        "--rounds",
                        "2",
                        "--seed",
                        "1",
                        "--to",
                        "directory",
                        "--junit",
                        "smoke.xml",
                        "-o",
                        "json")
                .await(Duration.ofMinutes(5))
                .expect(0);

        JsonNode report = smoke.report();
        assertThat(report.get("verdict").asText()).isEqualTo("passed");
        assertThat(report.get("seed").asLong()).isEqualTo(1);
        assertThat(report.get("produced").asLong()).isEqualTo(40_000);
        assertThat(report.get("stored").asLong()).isEqualTo(40_000);
        assertThat(report.get("kills").asLong()).isPositive();
        assertThat(report.get("brokerKills").asLong()).isPositive();
        assertThat(report.get("rounds")).hasSize(2).allSatisfy(round -> {
            assertThat(round.get("destination").asText()).isEqualTo("directory");
            assertThat(round.get("verdict").asText()).isEqualTo("passed");
            for (String finding : List.of("lost", "duplicated", "mismatched", "reordered")) {
                assertThat(round.get(finding).asLong()).isZero();
            }
        });
        assertThat(smoke.stderr()).contains("kstage: seed 1\n", "kstage: round 2 of 2: directory");
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(kstage.file("smoke.xml").toFile())
                        .getElementsByTagName("testcase")
                        .getLength())
                .isEqualTo(2);
        assertThat(filesIn(kstage.home().resolve("state"))).isEmpty();
        assertThat(processesNaming(kstage.home().toString())).isEmpty();
    }

    @Test
    void a_failed_check_is_code_3_with_an_example_and_the_destination_is_kept() throws IOException {
        try (RunningProcess smoke = kstage.at(kafka.bootstrapServers())
                .start("smoke", "--chaos", "--rounds", "1", "--seed", "3", "--to", "file", "-o", "json")) {
            // Somebody else sends one of the events to the round's topic once more: no sink can help that.
            Eventually.await("events of the round", LONG, () -> topicOfChaos()
                    .filter(topic -> !kafka.read(topic).isEmpty())
                    .isPresent());
            String topic = topicOfChaos().orElseThrow();
            kafka.send(topic, 0, kafka.values(topic).get(0));

            JsonNode report = smoke.await().expect(3).report();

            assertThat(report.get("verdict").asText()).isEqualTo("failed");
            assertThat(report.get("duplicated").asLong()).isEqualTo(1);
            assertThat(report.get("lost").asLong()).isZero();
            assertThat(report.get("brokerKills").asLong())
                    .as("the user's broker")
                    .isZero();
            assertThat(report.get("examples").get(0).asText()).startsWith("round 1: line ");
            Path kept = Path.of(report.get("kept").asText());
            assertThat(Installation.linesOf(kept.resolve("1/out.jsonl"))).hasSize(20_001);
            assertThat(kept.resolve("1/consume-1.log")).isNotEmptyFile();
            assertThat(kept.resolve("chaos.properties")).doesNotExist();
            assertThat(topicOfChaos()).as("the topic is kept too").contains(topic);
            try (Admin admin = kafka.admin()) {
                KafkaClients.get(admin.deleteTopics(List.of(topic)).all());
            }
        }
    }

    private Optional<String> topicOfChaos() {
        try (Admin admin = kafka.admin()) {
            return KafkaClients.get(admin.listTopics().names()).stream()
                    .filter(name -> name.startsWith("kstage-chaos-"))
                    .findFirst();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "KILL"})
    void interrupted_or_killed_it_leaves_no_process(String signal) throws IOException {
        try (RunningProcess smoke = kstage.start("smoke", "--chaos", "--to", "file")) {
            Eventually.await(
                    "both stages",
                    LONG,
                    () -> processesNaming(kstage.state() + "/smoke/").size() >= 2);

            smoke.signal(signal);

            smoke.await().expect(signal.equals("INT") ? 130 : 137);
            Eventually.await(
                    "the end of all", LONG, () -> processesNaming(kstage.home().toString())
                            .isEmpty());
            if (signal.equals("INT")) {
                assertThat(filesIn(kstage.home().resolve("state"))).isEmpty();
            }
        }
    }

    @Test
    void its_options_without_it_are_refused() {
        assertThat(kstage.run("smoke", "--rounds", "2").expect(2).stderr()).contains("add --chaos");
        assertThat(kstage.run("smoke", "--chaos", "--rounds", "0").expect(2).stderr())
                .contains("--rounds");
        assertThat(kstage.run("smoke", "--chaos", "--to", "cloud", "-b", kafka.bootstrapServers())
                        .expect(2)
                        .stderr())
                .contains("cloud", "file, directory");
    }

    private static List<String> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .toList();
        }
    }

    private static List<String> processesNaming(String text) {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(command -> command.contains(text))
                .toList();
    }
}
