package dev.kstage.cli.env;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Docker;
import dev.kstage.installed.DockerRelay;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.Readme;
import dev.kstage.installed.RunningProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A local Kafka in containers from up to down, by each compose tool that is there. */
final class ComposeContainerIT {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    private final Installation kstage;

    ComposeContainerIT(@TempDir Path home) {
        this.kstage = Docker.installation(home);
    }

    @BeforeEach
    void docker() {
        Docker.require();
    }

    @AfterEach
    void bringDown() {
        kstage.bringEverythingDown();
    }

    private static Outcome up(Installation kstage, String... more) {
        List<String> arguments = new ArrayList<>(List.of("env", "up", "--engine", "compose", "-o", "json"));
        arguments.addAll(Arrays.asList(more));
        return kstage.run(arguments.toArray(String[]::new));
    }

    private String state() {
        return kstage.run("env", "status", "-o", "json")
                .expect(0)
                .report()
                .at("/environments/0/state")
                .asText();
    }

    private String project() throws IOException {
        String state = Files.readString(kstage.state().resolve("env/local/environment.json"));
        return state.replaceAll("(?s).*\"project\":\"([^\"]+)\".*", "$1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker compose", "docker-compose"})
    void both_stages_work_on_both_sides_of_the_container_network_and_the_data_outlives_down(String tool)
            throws IOException {
        Docker.requireCompose(tool);
        Installation here = kstage.with("KSTAGE_COMPOSE", tool);
        Outcome first = up(here).expect(0);
        assertThat(first.stderr()).contains("using " + tool + " ", "kafka (healthy)");
        assertThat(first.report().get("engine").asText()).isEqualTo("compose");
        assertThat(first.report().get("bootstrapServers").asText()).isEqualTo("localhost:29092");
        assertThat(Path.of(first.report().get("dataDir").asText(), "kafka.yaml"))
                .isRegularFile();
        assertThat(here.run("env", "up").expect(0).stdout()).contains("was up already");
        assertThat(state()).isEqualTo("running");
        assertThat(here.run("env", "logs", "-n", "3").expect(0).lines()).hasSizeBetween(1, 3);

        here.run("produce", "--count", "100").expect(0);
        here.run("topic", "describe").expect(0);
        String network = project() + "_default";
        String inside = Docker.inContainer(network, """
                export KSTAGE_BOOTSTRAP_SERVER=kafka:9092
                kstage produce --count 100
                kstage consume --to out.jsonl
                wc -l out.jsonl
                kstage topic describe
                for wrong in localhost:29092 kafka:29092; do
                    SECONDS=0 code=0
                    kstage topic list -b $wrong || code=$?
                    echo "$wrong: code $code, in time: $((SECONDS <= 10))"
                done
                """);
        assertThat(inside)
                .contains(
                        "200 out.jsonl",
                        "cannot reach Kafka at localhost:29092",
                        "connection refused: nothing listens there; this seems to run inside a container, where"
                                + " localhost is that container itself",
                        "localhost:29092: code 4, in time: 1",
                        "kafka:29092 answers, but its broker tells clients to connect to localhost:29092",
                        "kafka:29092: code 4, in time: 1")
                .containsPattern("(?s)(connect to kafka:9092 instead.*){2}");
        here.run("consume", "--to", "out.jsonl").expect(0);
        assertThat(Installation.linesOf(here.file("out.jsonl"))).hasSize(200);
        Outcome wrong = here.run("topic", "list", "-b", "kafka:9092").expect(4);
        assertThat(wrong.time()).isLessThan(LONGEST_ANSWER);
        assertThat(wrong.stderr())
                .contains("unknown host kafka; this seems to run ", "connect to localhost:29092 instead");

        assertThat(here.run("env", "down").expect(0).stdout()).contains("1 container stopped", "its data kept");
        assertThat(state()).isEqualTo("stopped");
        assertThat(here.run("produce").expect(2).stderr()).contains("no cluster is configured");
        String project = project();
        assertThat(Docker.volumes(project)).hasSize(1);

        JsonNode again = here.run("env", "up", "-o", "json").expect(0).report();
        assertThat(again.get("engine").asText()).isEqualTo("compose");
        assertThat(new KafkaClients("localhost:29092").values("user_events")).hasSize(200);
        here.run("env", "down", "--delete").expect(0);
        assertThat(Docker.volumes(project)).isEmpty();
        assertThat(here.state().resolve("env/local")).doesNotExist();
    }

    @Test
    void the_commands_of_the_readme_do_what_they_show() throws IOException {
        Docker.requireCompose("docker compose");
        for (Readme.Command command : Readme.section("In containers").commands()) {
            switch (command.text().replaceFirst("(?s) -.*", "")) {
                case "kstage env up" -> {
                    Outcome up = kstage.shell(command.text()).expect(0);
                    Readme.requireShown(command, kstage, up);
                    kstage.run("produce", "--count", "10").expect(0);
                }
                case "docker compose" -> {
                    kstage.run("env", "down").expect(0);
                    byHand(command.text()
                            .replace(" compose/", " " + Path.of("compose").toAbsolutePath() + "/"));
                }
                case "docker run" -> {
                    kstage.run("env", "up").expect(0);
                    String here = command.text()
                            .replaceFirst("--network \\S+", "--network " + project() + "_default")
                            .replace(
                                    "$PWD/target/kstage.jar", Installation.jar().toString())
                            .replace("eclipse-temurin:17-jre java", "--entrypoint java " + Docker.KAFKA_IMAGE);
                    assertThat(kstage.shell(here).expect(0).stdout()).contains("user_events: 3 partitions, 10 records");
                }
                default -> throw new AssertionError("a command that nobody runs: " + command.text());
            }
        }
    }

    /** Starts what is to stay in the foreground, looks whether Kafka comes up, and stops it. */
    private void byHand(String command) {
        Installation here = kstage.with("KSTAGE_UI_IMAGE", Docker.KAFKA_IMAGE);
        try (RunningProcess compose = here.startShell("exec " + command)) {
            Eventually.await("Kafka of " + command, Duration.ofSeconds(90), () -> {
                assertThat(compose.isAlive()).as(compose.stderr()).isTrue();
                return kstage.run("topic", "list", "-b", "localhost:29092", "--timeout", "1s")
                                .code()
                        == 0;
            });
            compose.signal("TERM");
            compose.await();
        } finally {
            here.shell(command.replaceFirst(" up$", " down --volumes")).expect(0);
        }
    }

    @Test
    void what_is_up_by_half_is_reported_with_its_log_and_comes_up_when_that_is_fixed() throws IOException {
        Installation here = kstage.with("KSTAGE_UI_IMAGE", Docker.KAFKA_IMAGE);

        Outcome half = up(here, "--port", "0", "--with", "ui").expect(1);

        assertThat(half.stderr())
                .contains("ui, last lines:", "Missing required configuration", "why: ui ended with code 1")
                .contains("`kstage env down --name local` stops the containers and keeps the data");
        assertThat(state()).endsWith("of 2 running");
        assertThat(here.state().resolve("current-profile.json")).doesNotExist();
        assertThat(Docker.volumes(project())).isNotEmpty();

        JsonNode mended = up(here, "--with", "none").expect(0).report();
        assertThat(state()).isEqualTo("running");
        here.run("produce", "--count", "10").expect(0);

        // What ends beside a Kafka that runs leaves a container too.
        up(here, "--with", "ui").expect(1);
        up(here, "--with", "none").expect(0);
        assertThat(state()).isEqualTo("running");
        assertThat(up(here).expect(0).report().get("startedInMs").asInt()).isZero();

        Docker.kill(project());
        assertThat(state()).isEqualTo("stopped");
        JsonNode again = up(here).expect(0).report();
        assertThat(again.get("bootstrapServers")).isEqualTo(mended.get("bootstrapServers"));
        assertThat(new KafkaClients(again.get("bootstrapServers").asText()).values("user_events"))
                .hasSize(10);
        assertThat(here.run("env", "up", "--engine", "embedded").expect(2).stderr())
                .contains("it was created with --engine compose");
    }

    @Test
    void a_taken_port_and_an_engine_that_does_not_answer_leave_nothing_behind() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Outcome outcome =
                    up(kstage, "--port", String.valueOf(taken.getLocalPort())).expect(2);
            assertThat(outcome.stderr()).contains("port " + taken.getLocalPort() + " is in use", "--port 0");
        }
        Installation alone = kstage.with("DOCKER_HOST", "unix://" + kstage.home() + "/none.sock");
        assertThat(up(alone).expect(4).stderr()).contains("start Docker", "`kstage env up --engine embedded");
        assertThat(kstage.run("env", "status").expect(0).stdout()).isEqualTo("0 environments\n");
        assertThat(kstage.state().resolve("current-profile.json")).doesNotExist();
    }

    @Test
    void while_the_engine_does_not_answer_status_says_so_and_down_changes_nothing() throws IOException {
        up(kstage, "--port", "0").expect(0);
        Installation alone = kstage.with("DOCKER_HOST", "unix://" + kstage.home() + "/none.sock");

        assertThat(alone.run("env", "status").expect(0).stdout()).contains("unknown: ");
        assertThat(alone.run("env", "down", "--delete").expect(4).stderr()).contains("start Docker");
        assertThat(state()).isEqualTo("running");
        assertThat(Docker.volumes(project())).hasSize(1);
    }

    @Test
    void an_engine_that_stops_in_the_middle_ends_the_start_which_continues_when_it_is_back() throws IOException {
        try (DockerRelay engine = new DockerRelay(kstage.home().resolve("docker.sock"));
                RunningProcess up = kstage.with("DOCKER_HOST", engine.host())
                        .start("env", "up", "--engine", "compose", "--port", "0")) {
            Eventually.await(
                    "a container", Duration.ofSeconds(60), () -> up.stderr().contains("kafka (starting)"));

            engine.close();

            assertThat(up.await().expect(4).stderr()).contains("start Docker");
        }
        assertThat(kstage.state().resolve("current-profile.json")).doesNotExist();
        assertThat(Docker.volumes(project())).hasSize(1);
        kstage.run("env", "up").expect(0);
        assertThat(state()).isEqualTo("running");
    }
}
