package dev.kstage.env;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComposeFilesTest {
    // A tag says which release it is, and the digest that it stays that one.
    private static final String PINNED = "[\\w/-]+:v?\\d+\\.[\\w.-]+@sha256:[0-9a-f]{64}";

    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws IOException {
        ComposeFiles.write(directory);
    }

    private JsonNode services(String file) throws IOException {
        return new YAMLMapper()
                .readTree(Files.readAllBytes(directory.resolve(file + ".yaml")))
                .path("services");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "zookeeper", "ui", "postgres", "airflow"})
    void each_service_is_pinned_checked_and_for_this_machine_alone(String file) throws IOException {
        JsonNode services = services(file);

        assertThat(services).isNotEmpty();
        for (Map.Entry<String, JsonNode> each : services.properties()) {
            JsonNode service = each.getValue();
            String image = service.path("build").isMissingNode()
                    ? service.path("image").asText()
                    : service.path("build").path("args").path("AIRFLOW_IMAGE").asText();
            assertThat(image).as(each.getKey()).matches("\\$\\{KSTAGE_\\w+_IMAGE:-" + PINNED + "}");
            assertThat(service.path("healthcheck").path("test"))
                    .as(each.getKey())
                    .isNotEmpty();
            service.path("ports").forEach(port -> assertThat(port.asText())
                    .matches("127\\.0\\.0\\.1:\\$\\{KSTAGE_\\w+_PORT:-\\d+}:\\d+"));
        }
    }

    @Test
    void the_image_that_airflow_is_built_from_is_the_one_that_its_service_names() throws IOException {
        String image =
                services("airflow").at("/airflow/build/args/AIRFLOW_IMAGE").asText();

        assertThat(directory.resolve("airflow/Dockerfile"))
                .content()
                .contains("ARG AIRFLOW_IMAGE=" + image.substring(image.indexOf(":-") + 2, image.length() - 1) + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "zookeeper"})
    void each_setting_of_a_listener_is_explained_where_it_is(String file) throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve(file + ".yaml"));
        List<String> unexplained = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).contains("LISTENER")
                    && lines.get(i).strip().startsWith("KAFKA_")
                    && !lines.get(i - 1).strip().startsWith("#")) {
                unexplained.add(lines.get(i).strip());
            }
        }

        assertThat(unexplained).isEmpty();
        assertThat(services(file)
                        .path("kafka")
                        .path("environment")
                        .path("KAFKA_ADVERTISED_LISTENERS")
                        .asText())
                .isEqualTo("CONTAINERS://kafka:9092,HOST://localhost:${KSTAGE_KAFKA_PORT:-29092}");
    }

    @Test
    void the_services_are_those_that_a_stack_knows() throws IOException {
        EnvironmentDirectory place = new EnvironmentDirectory("Local", directory);
        for (ComposeStack.Variant variant : ComposeStack.Variant.values()) {
            ComposeStack stack =
                    ComposeStack.of(place, variant, new TreeSet<>()).withEverything();
            List<String> services = new ArrayList<>();
            for (String file : stack.files()) {
                services(file.replace(".yaml", "")).fieldNames().forEachRemaining(services::add);
            }

            assertThat(services).containsExactlyInAnyOrderElementsOf(stack.services());
            // Compose takes lower case only.
            assertThat(stack.project()).matches("kstage-local-[0-9a-f]{8}");
        }
    }

    @Test
    void what_a_user_has_added_stays_when_they_are_written_again() throws IOException {
        Path own = directory.resolve("airflow/dags/own.py");
        Files.createDirectories(directory.resolve("airflow/dags"));
        Files.writeString(own, "own");
        Files.writeString(directory.resolve("kafka.yaml"), "broken");

        ComposeFiles.write(directory);

        assertThat(own).hasContent("own");
        assertThat(services("kafka")).isNotEmpty();
    }

    @Test
    void an_environment_remembers_its_containers_and_one_from_before_has_none() throws IOException {
        EnvironmentDirectory place = new EnvironmentDirectory("local", directory.resolve("kstage/env/local"));
        ComposeStack stack = ComposeStack.of(place, ComposeStack.Variant.ZOOKEEPER, new TreeSet<>())
                .withEverything();
        Environment environment =
                new Environment("local", ComposeKafka.ENGINE, "", List.of(new Environment.Node(1, 29092, 0, 0)), stack);
        environment.write(place);
        assertThat(Environment.read(place)).isEqualTo(environment);

        Environment before = new Environment("local", EmbeddedKafka.ENGINE, "id", List.of());
        before.write(place);
        assertThat(place.stateFile()).content().doesNotContain("stack");
        assertThat(Environment.read(place)).isEqualTo(before);
    }
}
