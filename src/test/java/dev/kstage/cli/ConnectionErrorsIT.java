package dev.kstage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.SharedKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a user is told when the cluster or the way to it is wrong. */
@ExtendWith(SharedKafka.class)
final class ConnectionErrorsIT {
    // The 8 s of --timeout, and room for a Java that starts on a busy machine: a client on its own tries for a minute.
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final Installation kstage;
    private final KafkaClients kafka;

    ConnectionErrorsIT(KafkaClients kafka, @TempDir Path home) {
        this.kafka = kafka;
        this.kstage = Installation.in(home);
    }

    @Test
    void an_unknown_topic_may_come_for_consume_and_is_a_failure_for_describe() {
        Installation here = kstage.at(kafka.bootstrapServers());

        assertThat(here.run("consume", "unknown").expect(4).stderr())
                .contains("there is no topic unknown", "--wait-for-topic 1m");
        assertThat(here.run("topic", "describe", "unknown").expect(1).stderr())
                .contains("cannot describe topic unknown", "there is no such topic");
    }

    @Test
    void a_port_where_nothing_listens_is_named_in_time() {
        for (List<String> command :
                List.of(List.of("produce"), List.of("consume"), List.of("topic", "list"), List.of("smoke"))) {
            Outcome outcome =
                    kstage.at("localhost:1").run(command.toArray(String[]::new)).expect(4);
            assertThat(outcome.stderr()).contains("cannot reach Kafka at localhost:1", "connection refused");
            assertThat(outcome.time()).isLessThan(LIMIT);
        }
    }

    @Test
    void an_unknown_host_is_named_in_time() {
        Outcome outcome =
                kstage.run("topic", "list", "-b", "no-such-host.invalid:9092").expect(4);

        assertThat(outcome.stderr()).contains("no-such-host.invalid:9092");
        assertThat(outcome.time()).isLessThan(LIMIT);
    }

    @Test
    void a_port_that_accepts_and_never_answers_is_given_up_in_time() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String address = "localhost:" + silent.getLocalPort();
            Outcome outcome = kstage.run("consume", "-b", address).expect(4);

            assertThat(outcome.stderr()).contains(address + " accepts connections but gave no answer");
            assertThat(outcome.time()).isLessThan(LIMIT);
        }
    }

    /** An answer of no length, again and again. */
    @Test
    void a_port_that_answers_with_zeros_is_no_broker() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread zeros = new Thread(() -> sendZeros(server));
            zeros.setDaemon(true);
            zeros.start();
            String address = "localhost:" + server.getLocalPort();

            assertThat(kstage.run("topic", "list", "-b", address).expect(2).stderr())
                    .contains("what listens at " + address + " does not answer as a Kafka broker does");
        }
    }

    private static void sendZeros(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                @SuppressWarnings("resource") // The program closes it, or this process ends.
                Socket client = server.accept();
                client.getOutputStream().write(new byte[64]);
            } catch (IOException e) {
                // The client has closed it, or the test is over.
            }
        }
    }

    @Test
    void without_any_cluster_every_source_of_one_is_named() {
        assertThat(kstage.run("consume").expect(2).stderr())
                .contains(
                        "no cluster is configured",
                        "-b and -p",
                        "KSTAGE_BOOTSTRAP_SERVER",
                        "KSTAGE_PROFILE",
                        "the current profile",
                        "./kstage.yaml",
                        kstage.config().resolve("kstage.yaml").toString(),
                        "kstage env up");
    }

    @Test
    void an_unknown_profile_and_broken_yaml_are_wrong_configuration() {
        Path file = kstage.config().resolve("kstage.yaml");
        Installation.write(file, "profiles:\n  dev:\n    bootstrap.servers: localhost:1\n");
        assertThat(kstage.run("consume", "-p", "prod").expect(2).stderr())
                .contains("there is no profile \"prod\"", "use one of these: dev");

        Installation.write(file, "profiles:\n  dev:\n    ssl.key.password: \"canary\n  x: [\n");
        assertThat(kstage.run("consume", "-vv").expect(2).stderr())
                .contains("kstage.yaml", "line ")
                .doesNotContain("canary");
    }

    @Test
    void an_unknown_option_is_wrong_usage_with_what_may_have_been_meant() {
        assertThat(kstage.run("produce", "--conut", "5").expect(2).stderr()).contains("--conut", "--count");
        assertThat(kstage.run("prodcue").expect(2).stderr()).contains("prodcue", "produce");
        assertThat(kstage.run("consume", "--idle-timeout", "soon").expect(2).stderr())
                .contains("soon", "10s");
    }

    @Test
    void a_secret_of_a_profile_is_on_no_output() throws IOException {
        String canary = "canary-5f3a";
        Installation.write(
                kstage.config().resolve("kstage.yaml"), """
                default: safe
                profiles:
                  safe:
                    bootstrap.servers: %s
                    security.protocol: SASL_PLAINTEXT
                    sasl.mechanism: PLAIN
                    sasl.jaas.config: 'org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="%s";'
                    ssl.truststore.password: %s-2
                """.formatted(kafka.bootstrapServers(), canary, canary));
        for (List<String> command : List.of(
                List.of("profile", "show"),
                List.of("profile", "show", "-o", "json"),
                List.of("profile", "list"),
                List.of("topic", "list", "-vv", "--timeout", "3s"),
                List.of("produce", "-vv", "--timeout", "3s"),
                List.of("consume", "-vv", "--timeout", "3s", "-X", "sasl.jaas.config=" + canary))) {
            Outcome outcome = kstage.run(command.toArray(String[]::new));
            assertThat(outcome.stdout() + outcome.stderr()).doesNotContain(canary);
        }
    }
}
