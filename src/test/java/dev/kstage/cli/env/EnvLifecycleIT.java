package dev.kstage.cli.env;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.RunningProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A local Kafka from up to down. */
final class EnvLifecycleIT {
    private final Installation kstage;

    EnvLifecycleIT(@TempDir Path home) {
        this.kstage = Installation.in(home).asProcess();
    }

    @AfterEach
    void bringDown() {
        kstage.bringEverythingDown();
    }

    private JsonNode up(String... more) {
        String[] arguments = new String[more.length + 4];
        System.arraycopy(new String[] {"env", "up", "-o", "json"}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        return kstage.run(arguments).expect(0).report();
    }

    @Test
    void up_reports_itself_is_idempotent_and_becomes_the_current_profile_until_down() {
        JsonNode first = up("--port", "0");
        assertThat(Outcome.keys(first))
                .containsExactly(
                        "name",
                        "engine",
                        "bootstrapServers",
                        "profile",
                        "dataDir",
                        "pid",
                        "logFile",
                        "startedInMs",
                        "brokers");
        assertThat(ProcessHandle.of(first.get("pid").asLong())).isPresent();
        assertThat(Path.of(first.get("dataDir").asText())).isDirectory().startsWith(kstage.state());
        assertThat(Path.of(first.get("logFile").asText())).isRegularFile();

        JsonNode second = up();
        assertThat(second.get("pid")).isEqualTo(first.get("pid"));
        assertThat(second.get("startedInMs").asLong()).isZero();

        Outcome produce = kstage.run("produce", "--count", "100").expect(0);
        assertThat(produce.stderr())
                .contains("using " + first.get("bootstrapServers").asText()
                        + " (the current profile, set by `kstage env up`)");
        assertThat(kstage.run("env", "status").expect(0).stdout()).contains("local", "running");
        assertThat(kstage.run("env", "logs", "--lines", "5").expect(0).lines()).hasSize(5);

        kstage.run("env", "down").expect(0);
        // A process that has ended and is not collected yet has no command any more.
        assertThat(ProcessHandle.of(first.get("pid").asLong())
                        .flatMap(process -> process.info().command()))
                .isEmpty();
        assertThat(kstage.run("env", "status").expect(0).stdout()).contains("stopped");
        assertThat(kstage.run("produce").expect(2).stderr()).contains("no cluster is configured");

        JsonNode again = up();
        assertThat(again.get("bootstrapServers")).isEqualTo(first.get("bootstrapServers"));
        assertThat(new KafkaClients(again.get("bootstrapServers").asText()).values("user_events"))
                .hasSize(100);

        kstage.run("env", "up", "--port", "1").expect(2);
        kstage.run("env", "down").expect(0);
        JsonNode moved = up("--port", "0");
        assertThat(moved.get("bootstrapServers")).isNotEqualTo(first.get("bootstrapServers"));
        kstage.run("topic", "describe", "-p", "local").expect(0);
        assertThat(new KafkaClients(moved.get("bootstrapServers").asText()).values("user_events"))
                .hasSize(100);

        kstage.run("env", "down", "--delete").expect(0);
        assertThat(kstage.state().resolve("env/local")).doesNotExist();
        assertThat(kstage.run("env", "down").expect(0).stdout()).contains("there is no Kafka");
    }

    @Test
    void nobody_else_can_read_what_it_keeps_and_no_planted_link_is_followed() throws IOException {
        Path victim = Files.writeString(kstage.home().resolve("victim"), "precious");
        Path local = Files.createDirectories(kstage.state().resolve("env/local"));
        for (String name : new String[] {
            "node-1.log", "node-1.properties", "environment.json", "environment.json.next", "profile.yaml.next", "lock"
        }) {
            if (!name.equals("environment.json")) {
                Files.createSymbolicLink(local.resolve(name), victim);
            }
        }
        assertThat(kstage.run("env", "up", "--port", "0").expect(1).stderr()).contains("cannot use " + local);
        Files.delete(local.resolve("lock"));

        long pid = kstage.with("KSTAGE_DB_PASSWORD", "hunter2")
                .with("AWS_SECRET_ACCESS_KEY", "hunter3")
                .with("JAVA_TOOL_OPTIONS", "-Dhunter=4")
                .run("env", "up", "--port", "0", "-o", "json")
                .expect(0)
                .report()
                .get("pid")
                .asLong();
        kstage.run("produce", "--count", "100").expect(0);

        assertThat(victim).hasContent("precious");
        try (Stream<Path> all = Files.walk(kstage.state())) {
            assertThat(all.filter(path -> !Files.isSymbolicLink(path)).toList())
                    .hasSizeGreaterThan(20)
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .as(path.toString())
                            .endsWith("------"));
        }
        Path environ = Path.of("/proc/" + pid + "/environ");
        if (Files.isReadable(environ)) {
            assertThat(Files.readString(environ).split("\0", -1))
                    .allMatch(each -> each.isEmpty() || each.matches("(PATH|HOME|LANG|TZ|PWD|OLDPWD|SHLVL|_)=.*"));
        }
    }

    @Test
    void a_taken_port_is_named_with_its_owner_and_a_way_out() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Outcome outcome = kstage.run("env", "up", "--port", String.valueOf(taken.getLocalPort()))
                    .expect(2);

            assertThat(outcome.stderr())
                    .contains(
                            "port " + taken.getLocalPort() + " is in use",
                            "process " + ProcessHandle.current().pid(),
                            "--port 0");
        }
        assertThat(kstage.run("env", "status").expect(0).stdout()).isEqualTo("0 environments\n");
        assertThat(kstage.state().resolve("current-profile.json")).doesNotExist();
    }

    @Test
    void two_environments_run_side_by_side() {
        JsonNode one = up("--name", "one", "--port", "0");
        JsonNode two = up("--name", "two", "--port", "0");

        assertThat(one.get("bootstrapServers")).isNotEqualTo(two.get("bootstrapServers"));
        kstage.run("produce", "here", "-p", "one", "--count", "1").expect(0);
        assertThat(kstage.run("topic", "list").expect(0).stdout()).doesNotContain("here");
        assertThat(kstage.run("env", "status", "--name", "one").expect(0).stdout())
                .contains("one", "1 environment\n")
                .doesNotContain("two");
        assertThat(kstage.run("env", "status", "--name", "three").expect(2).stderr())
                .contains("there is no environment three");
        kstage.run("env", "down", "--name", "one").expect(0);
        kstage.run("topic", "list").expect(0);
        kstage.run("topic", "list", "-p", "one").expect(4);
    }

    @Test
    void down_signals_no_process_that_is_not_its_own() throws IOException {
        JsonNode up = up("--port", "0");
        Path state = kstage.state().resolve("env/local/environment.json");
        String before = Files.readString(state);
        Process innocent = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(state, before.replace("\"pid\":" + up.get("pid").asLong(), "\"pid\":" + innocent.pid()));

            kstage.run("env", "down").expect(0);

            assertThat(innocent.isAlive()).isTrue();
            assertThat(ProcessHandle.of(up.get("pid").asLong())).isPresent();
        } finally {
            innocent.destroyForcibly();
            Files.writeString(state, before);
        }
    }

    @Test
    void a_broker_killed_by_force_comes_back_with_everything_acknowledged_while_both_stages_wait() {
        JsonNode up = up("--port", "0");
        KafkaClients kafka = new KafkaClients(up.get("bootstrapServers").asText());
        kafka.createTopic("survivors", 3);
        try (RunningProcess produce =
                        kstage.start("produce", "survivors", "--count", "30000", "--rate", "3000", "-o", "json");
                RunningProcess consume =
                        kstage.start("consume", "survivors", "--to", "out.jsonl", "--follow", "-o", "json")) {
            Eventually.await(
                    "stored records",
                    Duration.ofSeconds(30),
                    () -> kstage.file("out.jsonl").toFile().length() > 0);
            RunningProcess.signal("KILL", up.get("pid").asLong());
            JsonNode again = up();
            assertThat(again.get("pid")).isNotEqualTo(up.get("pid"));
            assertThat(again.get("bootstrapServers")).isEqualTo(up.get("bootstrapServers"));

            assertThat(produce.await().expect(0).report().get("records").asLong())
                    .isEqualTo(30_000);
            consume.signal("TERM");
            consume.await().expect(143);
        }
        kstage.run("consume", "survivors", "--to", "out.jsonl").expect(0);
        assertThat(kafka.values("survivors")).hasSize(30_000).doesNotHaveDuplicates();
        assertThat(Installation.linesOf(kstage.file("out.jsonl")))
                .containsExactlyInAnyOrderElementsOf(kafka.values("survivors"));
    }

    @Test
    void three_brokers_replicate_and_continue_without_one() {
        JsonNode up = up("--brokers", "3", "--port", "0");
        kstage.run("produce", "replicated", "--count", "300").expect(0);
        JsonNode healthy = kstage.run("topic", "describe", "replicated", "-o", "json")
                .expect(0)
                .report();
        assertThat(healthy.get("partitions"))
                .allSatisfy(partition -> assertThat(partition.get("isr")).hasSize(3));

        RunningProcess.signal("KILL", up.get("brokers").get(0).get("pid").asLong());

        kstage.run("produce", "replicated", "--count", "300").expect(0);
        kstage.run("consume", "replicated", "--to", "out.jsonl").expect(0);
        assertThat(Installation.linesOf(kstage.file("out.jsonl"))).hasSize(600);
        assertThat(kstage.run("env", "status").expect(0).stdout()).contains("2 of 3 running");
        assertThat(up().get("brokers")).hasSize(3);
        assertThat(kstage.run("env", "status", "-o", "json")
                        .expect(0)
                        .report()
                        .get("environments")
                        .get(0)
                        .get("state")
                        .asText())
                .isEqualTo("running");
    }
}
