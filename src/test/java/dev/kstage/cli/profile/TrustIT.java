package dev.kstage.cli.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.SharedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A {@code kstage.yaml} of a directory that somebody else may have written, as a cloned repository is. */
@ExtendWith(SharedKafka.class)
final class TrustIT {
    private static final String CANARY = "canary-8e21";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Listener stranger;
    private final Installation kstage;
    private final Path file;

    TrustIT(KafkaClients kafka, @TempDir Path home) throws IOException {
        this.stranger = new Listener(kafka.bootstrapServers());
        this.kstage = Installation.in(home)
                .asProcess()
                .with("AWS_SECRET_ACCESS_KEY", CANARY)
                .with("CI", "true");
        this.file = kstage.file("kstage.yaml");
        Files.writeString(home.resolve("key"), CANARY);
    }

    @AfterEach
    void close() {
        stranger.close();
    }

    private void write(String clientId) {
        Installation.write(file, """
                default: prod
                profiles:
                  prod:
                    bootstrap.servers: %1$s
                    client.id: "%2$s"
                  kafka_default:
                    bootstrap.servers: %1$s
                    client.id: "%2$s"
                """.formatted(stranger.address(), clientId));
    }

    private Outcome list(String... more) {
        return list(kstage, more);
    }

    private static Outcome list(Installation kstage, String... more) {
        return kstage.run(Stream.concat(Stream.of("topic", "list", "--timeout", "3s"), Stream.of(more))
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"${env:AWS_SECRET_ACCESS_KEY}", "${file:../key}"})
    void a_secret_goes_to_nobody_whom_the_user_has_not_named(String placeholder) {
        write(placeholder);
        for (List<String> place : List.of(List.<String>of(), List.of("-p", "prod"), List.of("-p", "kafka_default"))) {
            assertThat(list(place.toArray(String[]::new)).expect(2).stderr())
                    .contains("./kstage.yaml is not used: profile \"prod\" sets \"client.id\" to ${...}");
        }
        assertThat(kstage.run("profile", "trust", "./kstage.yaml").expect(2).stderr())
                .contains("cannot trust", "a file that you did not name must not contain secrets");
        list().expect(2);

        assertThat(stranger.heard()).isEmpty();

        list("--profile-file", "./kstage.yaml", "-p", "prod").expect(0);
        assertThat(stranger.heard()).as("named, it is the user's own").contains(CANARY);
    }

    @Test
    void a_file_counts_after_it_was_trusted_and_until_it_changes() throws IOException {
        write("mine");
        assertThat(list().expect(2).stderr()).contains("""
                kstage: warning: ./kstage.yaml is not used: kstage found it, and you have not allowed it yet; read it, then allow it with `kstage profile trust ./kstage.yaml`
                kstage: no cluster is configured
                """);
        assertThat(list("-p", "prod").expect(2).stderr())
                .contains("kstage profile trust ./kstage.yaml", "there is no profile \"prod\"");
        assertThat(list("-b", "localhost:1").stderr()).doesNotContain("kstage.yaml");
        assertThat(stranger.heard()).isEmpty();

        assertThat(kstage.run("profile", "trust", "./kstage.yaml").expect(0).stdout())
                .contains("default  prod", stranger.address(), "trusted until it changes: ");
        assertThat(Files.getPosixFilePermissions(kstage.state().resolve("trusted-files.json")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(list().stderr()).contains("(the default of ./kstage.yaml)").doesNotContain("not used");
        assertThat(list("-p", "prod").stderr()).contains("(-p prod, from ./kstage.yaml)");
        assertThat(stranger.heard()).contains("mine");
        JsonNode listing = JSON.readTree(
                kstage.run("profile", "list", "-o", "json").expect(0).stdout());
        assertThat(listing.at("/trustedFiles/0/state").asText()).isEqualTo("trusted");
        assertThat(listing.at("/profiles/0/file").asText()).isEqualTo("./kstage.yaml");

        write("another");
        assertThat(list().expect(2).stderr())
                .contains(
                        "cannot use the default profile of ./kstage.yaml",
                        "it has changed since you allowed it",
                        "kstage profile trust ./kstage.yaml");
        assertThat(list("-p", "prod").expect(2).stderr()).contains("it has changed since you allowed it");
        assertThat(kstage.run("profile", "list").expect(0).stdout())
                .contains("changed since it was trusted, so not used: " + file.toRealPath());
        assertThat(stranger.heard()).isEmpty();

        kstage.run("profile", "trust").expect(0);
        assertThat(list().stderr()).contains("(the default of ./kstage.yaml)");
        kstage.run("profile", "untrust", "./kstage.yaml").expect(0);
        assertThat(list().expect(2).stderr()).contains("kstage found it, and you have not allowed it yet");
        assertThat(kstage.run("profile", "untrust", "./kstage.yaml").expect(2).stderr())
                .contains("it is not trusted");
    }

    @Test
    void what_the_user_has_under_a_name_wins_and_the_shadowed_one_is_reported() {
        write("theirs");
        kstage.run("profile", "trust", "./kstage.yaml").expect(0);
        Installation.write(
                kstage.config().resolve("kstage.yaml"), "profiles: {prod: {bootstrap.servers: 'localhost:1'}}");
        Installation both = kstage.with("AIRFLOW_CONN_KAFKA_DEFAULT", "kafka:///?bootstrap.servers=localhost%3A1");

        assertThat(list(both, "-p", "prod").expect(4).stderr())
                .contains(
                        "profile \"prod\" of ./kstage.yaml is not used: "
                                + kstage.config().resolve("kstage.yaml") + " has a profile of that name too",
                        "using localhost:1 (-p prod");
        assertThat(list(both.with("KSTAGE_PROFILE", "prod")).expect(4).stderr())
                .contains("using localhost:1 (KSTAGE_PROFILE prod");
        assertThat(list(both, "-p", "kafka_default").expect(4).stderr())
                .contains(
                        "profile \"kafka_default\" of ./kstage.yaml is not used: AIRFLOW_CONN_KAFKA_DEFAULT has a profile of that name too",
                        "using localhost:1 (-p kafka_default");
        assertThat(stranger.heard()).isEmpty();
    }

    @Test
    void a_current_profile_of_it_counts_as_long_as_it_is_trusted() {
        write("mine");
        kstage.run("profile", "use", "prod").expect(2);
        assertThat(kstage.run("profile", "use", "prod", "--profile-file", "./kstage.yaml")
                        .expect(2)
                        .stderr())
                .contains("cannot use the current profile \"prod\"", "kstage profile trust ");
        kstage.run("profile", "trust").expect(0);
        kstage.run("profile", "use", "prod").expect(0);
        assertThat(list().stderr()).contains("(the current profile, set by");
        assertThat(stranger.heard()).contains("mine");

        write("${env:AWS_SECRET_ACCESS_KEY}");

        assertThat(list().expect(2).stderr()).contains("cannot use the current profile \"prod\"", "${...}");
        write("others");
        assertThat(list().expect(2).stderr()).contains("it has changed since you allowed it");
        assertThat(stranger.heard()).isEmpty();
    }

    @Test
    void a_file_that_others_can_write_never_counts() throws IOException {
        write("mine");
        kstage.run("profile", "trust").expect(0);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        assertThat(list().expect(2).stderr()).contains("its group or other users can write to it or to its directory");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(kstage.workingDirectory(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(list().expect(2).stderr()).contains("its group or other users can write to it or to its directory");
        assertThat(kstage.run("profile", "trust").expect(2).stderr())
                .contains("its group or other users can write to it");
        assertThat(stranger.heard()).isEmpty();

        kstage.shell("chmod +t .").expect(0);
        assertThat(list().stderr()).contains("(the default of ./kstage.yaml)");
    }

    @Test
    void a_file_of_another_user_never_counts() throws IOException {
        assumeThat(System.getProperty("user.name")).as("user of the test run").isEqualTo("root");
        write("mine");
        kstage.run("profile", "trust").expect(0);
        kstage.shell("chown nobody kstage.yaml").expect(0);

        assertThat(list().expect(2).stderr()).contains("it belongs to another user");
        assertThat(list("-p", "prod").expect(2).stderr()).contains("it belongs to another user");
        assertThat(kstage.run("profile", "trust").expect(2).stderr()).contains("it belongs to another user");
        assertThat(stranger.heard()).isEmpty();
    }

    @Test
    void neither_a_link_nor_a_pipe_counts_and_a_directory_behind_a_link_is_the_one_it_leads_to() throws Exception {
        write("mine");
        kstage.run("profile", "trust").expect(0);
        kstage.shell("mv kstage.yaml x && ln -s x kstage.yaml").expect(0);
        assertThat(list().expect(2).stderr()).contains("it is a symbolic link");
        kstage.shell("rm kstage.yaml && mkfifo kstage.yaml").expect(0);
        assertThat(list().expect(2).stderr()).contains("it is a named pipe, a socket or a device");
        kstage.shell("rm kstage.yaml && ln -s /dev/zero kstage.yaml").expect(0);
        assertThat(list("-p", "prod").expect(2).stderr()).contains("it is a symbolic link");
        assertThat(stranger.heard()).isEmpty();

        kstage.shell("rm kstage.yaml && mv x kstage.yaml && ln -s . link").expect(0);
        assertThat(kstage.shell("cd link && kstage topic list --timeout 3s").stderr())
                .contains("(the default of ./kstage.yaml)");
        assertThat(stranger.heard()).contains("mine");
        // The same content elsewhere was not allowed.
        assertThat(kstage.shell("mkdir other && cp kstage.yaml other && cd other && kstage topic list")
                        .expect(2)
                        .stderr())
                .contains("kstage found it, and you have not allowed it yet");
    }

    @Test
    void files_that_make_work_are_refused_soon() throws IOException {
        StringBuilder keys = new StringBuilder("profiles:\n  a:\n    bootstrap.servers: localhost:1\n");
        for (int i = 0; i < 60_000; i++) {
            keys.append("    x").append(i).append(": 1\n");
        }
        Installation.write(kstage.file("keys.yaml"), keys.toString());
        Installation.write(kstage.file("large.yaml"), "- a\n".repeat(5_000_000));
        Installation.write(kstage.file("store.yaml"), """
                profiles: {a: {bootstrap.servers: "localhost:1", security.protocol: SSL, ssl.truststore.location: /dev/zero}}
                """);
        Installation.write(kstage.file("secret.yaml"), """
                profiles: {a: {bootstrap.servers: "localhost:1", client.id: "${file:/dev/zero}"}}
                """);
        for (String name : List.of("keys.yaml", "large.yaml", "store.yaml", "secret.yaml")) {
            Outcome outcome =
                    kstage.run("profile", "show", "--profile-file", name).expect(2);

            assertThat(outcome.stderr())
                    .containsAnyOf("more than 10000 names", "larger than 1 MB", "/dev/zero: it is a named pipe");
            assertThat(outcome.time()).isLessThan(Duration.ofSeconds(5));
        }
    }
}
