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
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** The smoke test: its verdict, where it runs, and that it leaves nothing. */
@ExtendWith(SharedKafka.class)
final class SmokeIT {
    private final Installation kstage;
    private final KafkaClients kafka;

    SmokeIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home).asProcess();
    }

    @Test
    void it_passes_on_a_kafka_of_its_own_whatever_the_current_profile_is_and_leaves_nothing() throws Exception {
        Installation.write(
                kstage.config().resolve("kstage.yaml"),
                "profiles:\n  prod:\n    bootstrap.servers: localhost:1\ndefault: prod\n");
        kstage.run("profile", "use", "prod").expect(0);
        String current = Files.readString(kstage.state().resolve("current-profile.json"));

        Outcome smoke = kstage.run("smoke", "--count", "2000", "--junit", "smoke.xml", "-o", "json")
                .expect(0);

        JsonNode report = smoke.report();
        assertThat(Outcome.keys(report))
                .contains(
                        "verdict",
                        "produced",
                        "stored",
                        "deadLettered",
                        "filtered",
                        "lost",
                        "duplicated",
                        "mismatched",
                        "reordered",
                        "checks");
        assertThat(report.get("verdict").asText()).isEqualTo("passed");
        assertThat(report.get("produced").asLong()).isEqualTo(2000);
        assertThat(report.get("stored").asLong()).isEqualTo(2000);
        assertThat(report.get("checks")).isNotEmpty().allSatisfy(check -> {
            assertThat(Outcome.keys(check)).containsExactly("name", "passed", "detail");
            assertThat(check.get("passed").asBoolean()).isTrue();
        });
        assertThat(smoke.stderr()).contains("a temporary Kafka").doesNotContain("localhost:1 ");
        Document xml = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(kstage.file("smoke.xml").toFile());
        assertThat(xml.getDocumentElement().getAttribute("failures")).isEqualTo("0");
        assertThat(xml.getElementsByTagName("testcase").getLength())
                .isEqualTo(report.get("checks").size());
        assertThat(Files.readString(kstage.state().resolve("current-profile.json")))
                .isEqualTo(current);
        assertThat(filesIn(kstage.state())).containsExactly("current-profile.json");
        assertThat(processesNaming(kstage.home().toString())).isEmpty();
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

    @Test
    void on_a_cluster_given_by_flag_or_variable_it_leaves_no_topic_group_or_file() throws IOException {
        JsonNode byFlag = kstage.run(
                        "smoke", "-b", kafka.bootstrapServers(), "--count", "500", "--seed", "4", "-o", "json")
                .expect(0)
                .report();
        JsonNode byVariable = kstage.at(kafka.bootstrapServers())
                .run("smoke", "--count", "500", "-o", "json")
                .expect(0)
                .report();

        assertThat(byFlag.get("bootstrapServers").asText()).isEqualTo(kafka.bootstrapServers());
        assertThat(byFlag.get("seed").asLong()).isEqualTo(4);
        assertThat(byVariable.get("bootstrapServers").asText()).isEqualTo(kafka.bootstrapServers());
        List<String> topics =
                List.of(byFlag.get("topic").asText(), byVariable.get("topic").asText());
        try (Admin admin = kafka.admin()) {
            assertThat(KafkaClients.get(admin.listTopics().names())).doesNotContainAnyElementsOf(topics);
            assertThat(KafkaClients.get(admin.listGroups().all()))
                    .extracting(group -> group.groupId())
                    .doesNotContainAnyElementsOf(topics);
        }
        assertThat(filesIn(kstage.home().resolve("state"))).isEmpty();
    }
}
