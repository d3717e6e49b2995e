package dev.kstage.cli.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.DedicatedKafka;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.Installation;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.RunningProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A password is looked for in everything that kstage shows, writes or starts, in each form that it can have there. */
final class CanaryIT {
    /** Every escape and encoding keeps this part of it together, but for Base64. */
    private static final String CORE = "0canary7f0d";

    private static final String PASSWORD = "\"\\é/+ " + CORE + "%'<&>";
    private static final int PORT = DedicatedKafka.freePort();
    private static final Duration LONG = Duration.ofSeconds(60);

    private static DedicatedKafka kafka;

    private final Installation kstage;
    private final Path secret;
    private final Set<Path> own;

    CanaryIT(@TempDir Path home) throws IOException {
        kstage = Installation.in(home)
                .with("KSTAGE_DB_PASSWORD", PASSWORD)
                .with("LC_ALL", "C.UTF-8")
                .asProcess();
        secret = Files.writeString(home.resolve("secret"), PASSWORD);
        Path profiles = kstage.config().resolve("kstage.yaml");
        own = Set.of(secret, profiles);
        Installation.write(profiles, """
                default: safe
                profiles:
                  safe:
                    bootstrap.servers: 127.0.0.1:%d
                    security.protocol: SASL_PLAINTEXT
                    sasl.mechanism: PLAIN
                    sasl.username: me
                    sasl.password: ${file:%s}
                    client.id: as-${file:%s}
                """.formatted(PORT, secret, secret));
    }

    @BeforeAll
    static void start() {
        kafka = DedicatedKafka.start(
                PORT,
                PORT,
                Map.of(
                        "listener.security.protocol.map", "DIRECT:PLAINTEXT,SECOND:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "listener.name.second.sasl.enabled.mechanisms", "PLAIN",
                        "listener.name.second.plain.sasl.jaas.config",
                                "org.apache.kafka.common.security.plain.PlainLoginModule required user_me=\""
                                        + PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"") + "\";"));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    /** The core, and what is left of it in Base64 whatever stands before and after. */
    private static List<String> forms() {
        List<String> forms = new ArrayList<>(List.of(CORE));
        for (String before : List.of("", "x", "xy")) {
            String encoded = Base64.getEncoder().encodeToString((before + CORE).getBytes(UTF_8));
            forms.add(encoded.substring(4, 12));
        }
        return forms;
    }

    private static void assertNone(String where, String text) {
        for (String form : forms()) {
            assertThat(text.contains(form))
                    .as(form + " in " + where + ": " + text)
                    .isFalse();
        }
    }

    private Outcome check(Outcome outcome) {
        assertNone("what it shows", outcome.stdout() + outcome.stderr());
        return outcome;
    }

    private void assertNoneInFiles() throws IOException {
        try (Stream<Path> files = Files.walk(kstage.home())) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(each -> !own.contains(each))
                    .toList()) {
                assertNone(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void of_a_profile_and_a_database_in_no_output_and_no_file() throws IOException {
        for (String line : List.of(
                "topic create canary --partitions 2 -vv",
                "topic describe canary -vv -o json --report describe.json",
                "topic list -vv",
                "produce canary --count 20 --run-id r -vv -o json --report produce.json",
                "consume canary --to out.jsonl -vv -o json --report consume.json",
                "consume canary --to out/ -vv",
                "consume canary --to kafka:canary-two -vv",
                "consume canary --to sqlite:out.db -vv",
                "consume canary --to - -vv",
                "verify out.jsonl --run-id r --topic canary -vv -o json --report verify.json --junit verify.xml",
                "dead-letter list out.jsonl -vv -o json --report letters.json",
                "profile show -vv -o json --report show.json",
                "profile show -vv",
                "profile list -vv -o json",
                "profile use safe",
                "smoke -p safe --count 50 -vv --report smoke.json --junit smoke.xml")) {
            check(kstage.run(line.split(" ")).expect(0));
        }
        // A check that does not hold has a detail.
        check(kstage.run("verify", "out.jsonl", "--seed", "1", "--count", "5", "--topic", "canary", "--junit", "no.xml")
                .expect(3));
        check(kstage.run("consume", "canary", "--to", "postgresql://me@127.0.0.1:1/x", "-vv"));
        assertNoneInFiles();
    }

    @Test
    void among_the_arguments_or_in_the_environment_it_is_shown_nowhere() throws IOException {
        String jaas = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"me\" password=\""
                + PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"") + "\";";
        String[] login = {
            "topic",
            "list",
            "-vv",
            "-b",
            "127.0.0.1:" + PORT,
            "-X",
            "security.protocol=SASL_PLAINTEXT",
            "-X",
            "sasl.mechanism=PLAIN",
            "-X",
            "sasl.jaas.config=" + jaas
        };
        assertThat(check(kstage.run(login).expect(0)).stderr()).contains("-X sasl.jaas.config contains a secret");
        check(kstage.run("topic", "list", "-vv", "-X", "sasl.password:" + CORE).expect(2));
        check(kstage.run("topic", "list", "-vv", "-b", "me:" + CORE + "@127.0.0.1:1")
                .expect(2));
        check(kstage.run(
                "topic",
                "list",
                "-vv",
                "-b",
                "127.0.0.1:" + PORT,
                "-X",
                "security.protocol=SASL_PLAINTEXT",
                "-X",
                "sasl.mechanism=OAUTHBEARER",
                "-X",
                "sasl.oauthbearer.token.endpoint.url=http://me:" + CORE + "@127.0.0.1:1/token",
                "--timeout",
                "2s"));
        check(kstage.with("AIRFLOW_CONN_KAFKA", "kafka:///?bootstrap.servers=127.0.0.1%3A1&sasl.password=" + CORE)
                .run("profile", "show", "kafka", "-vv"));
        check(kstage.with("KSTAGE_BOOTSTRAP_SERVER", "me:" + CORE + "@127.0.0.1:1")
                .run("topic", "list", "-vv"));
        assertNoneInFiles();
    }

    @Test
    void a_killed_chaos_run_leaves_none_on_disk_and_gives_none_to_others() throws IOException {
        List<String> children = new ArrayList<>();
        try (RunningProcess chaos =
                kstage.start("smoke", "-p", "safe", "--chaos", "--rounds", "1", "--count", "2000", "-vv")) {
            Eventually.await("both stages to run", LONG, () -> {
                children.clear();
                children.addAll(ProcessHandle.of(chaos.pid()).stream()
                        .flatMap(ProcessHandle::descendants)
                        .map(CanaryIT::commandLine)
                        .flatMap(Optional::stream)
                        .toList());
                return children.stream().anyMatch(each -> each.contains("produce"))
                        && children.stream().anyMatch(each -> each.contains("consume"));
            });
            assertNoneInFiles();
            chaos.signal("KILL");
            assertThat(chaos.endsWithin(LONG)).isTrue();
            assertNone("what it shows", chaos.stdout() + chaos.stderr());
        }
        assertNone("arguments of children", children.stream().collect(Collectors.joining("\n")));
        assertNoneInFiles();
    }

    /** What every user of the machine can read of it; nothing if it has ended meanwhile. */
    private static Optional<String> commandLine(ProcessHandle process) {
        try {
            return Optional.of(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.UTF_8)
                    .replace('\0', ' '));
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
