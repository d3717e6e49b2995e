package dev.kstage.cli.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kstage.installed.DedicatedKafka;
import dev.kstage.installed.Installation;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords with every kind of character log in to a real broker, from each format that a profile can have. */
final class LoginIT {
    private static final String PASSWORD = "can\"ary 'x' 100% %41 a@b:c/d?e;f#g=h&i+j \\n \\ ${env:HOME} pässĸ€😀 end";
    private static final int PORT = DedicatedKafka.freePort();
    private static final String SERVER = "127.0.0.1:" + PORT;
    private static final Map<String, String> SCRAM = new TreeMap<>(Map.of(
            "bootstrap.servers", SERVER,
            "security.protocol", "sasl_plaintext",
            "sasl.mechanisms", "SCRAM-SHA-512",
            "sasl.username", "me",
            "sasl.password", PASSWORD,
            "error_cb", "dags.callbacks:on_error",
            "socket.keepalive.enable", "true"));
    private static final ObjectMapper JSON = new ObjectMapper();

    private static DedicatedKafka kafka;

    private final Installation kstage;

    LoginIT(@TempDir Path home) {
        kstage = Installation.in(home).asProcess();
    }

    @BeforeAll
    static void start() {
        kafka = DedicatedKafka.start(
                PORT,
                PORT,
                Map.of(
                        "listener.security.protocol.map", "DIRECT:PLAINTEXT,SECOND:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "listener.name.second.sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512",
                        "listener.name.second.scram-sha-512.sasl.jaas.config",
                                "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                        "listener.name.second.plain.sasl.jaas.config",
                                "org.apache.kafka.common.security.plain.PlainLoginModule required user_me=\""
                                        + PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"") + "\";"));
        try (Admin admin = kafka.clients().admin()) {
            KafkaClients.get(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            "me", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD)))
                    .all());
        }
        kafka.clients().createTopic("behind-a-password", 1);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static String json(Object value) throws IOException {
        return JSON.writeValueAsString(value);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String query() {
        StringBuilder query = new StringBuilder("kafka:///?");
        SCRAM.forEach((key, value) ->
                query.append(encoded(key)).append('=').append(encoded(value)).append('&'));
        return query.substring(0, query.length() - 1);
    }

    /** Runs with these options and with all that is logged, and finds the topic and no trace of the password. */
    private static Outcome logsIn(Installation installation, String... options) {
        String[] command = new String[options.length + 3];
        System.arraycopy(new String[] {"topic", "list", "-vv"}, 0, command, 0, 3);
        System.arraycopy(options, 0, command, 3, options.length);
        Outcome outcome = installation.run(command).expect(0);
        assertThat(outcome.stdout()).contains("behind-a-password");
        assertThat(outcome.stderr()).contains("AdminClientConfig values");
        keepsTheSecret(outcome);
        return outcome;
    }

    private static void keepsTheSecret(Outcome outcome) {
        assertThat(outcome.stdout() + outcome.stderr())
                .doesNotContain("ary 'x'")
                .doesNotContain("a@b")
                .doesNotContain("ssĸ€")
                .doesNotContain(encoded(PASSWORD));
    }

    private Path file(String name, String content) {
        Path file = kstage.file(name);
        Installation.write(file, content);
        return file;
    }

    @Test
    void from_a_variable_of_airflow() throws IOException {
        String id = "AIRFLOW_CONN_KAFKA_DEFAULT";

        Outcome outcome = logsIn(kstage.with(id, query()), "-p", "kafka_default");
        assertThat(outcome.stderr())
                .contains(
                        "using " + SERVER + " (-p kafka_default, from AIRFLOW_CONN_KAFKA_DEFAULT)",
                        "profile kafka_default: error_cb: not used, because it names Python code",
                        "profile kafka_default: socket.keepalive.enable: not used");
        logsIn(kstage.with(id, "kafka:///?__extra__=" + encoded(json(SCRAM))), "-p", "kafka_default");
        logsIn(kstage.with(id, json(Map.of("conn_type", "kafka", "extra", SCRAM))), "-p", "kafka_default");
    }

    @Test
    void from_a_file_that_airflow_exported() throws IOException {
        Map<String, Object> connection = Map.of("conn_type", "kafka", "extra", json(SCRAM));
        Map<String, Object> other = Map.of("conn_type", "http", "host", "x");
        Path exported = file("conns.json", json(Map.of("kafka_default", connection, "other", other)));

        logsIn(kstage, "--profile-file", exported.toString());
        logsIn(kstage, "--profile-file", exported.toString(), "-p", "kafka_default");
        logsIn(
                kstage,
                "--profile-file",
                file(
                                "conns.yaml",
                                "k:\n  conn_type: kafka\n  extra: '"
                                        + json(SCRAM).replace("'", "''") + "'\n")
                        .toString());
        logsIn(
                kstage,
                "--profile-file",
                file("conns.env", "k=" + query() + "\n").toString());
    }

    @Test
    void from_files_of_java_kcat_and_rpk() throws IOException {
        Properties java = new Properties();
        java.putAll(Map.of(
                "bootstrap.servers",
                SERVER,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"me\" password=\""
                        + PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"") + "\";"));
        StringWriter properties = new StringWriter();
        java.store(properties, null);
        StringBuilder kcat = new StringBuilder("# kcat\n");
        SCRAM.forEach((key, value) ->
                kcat.append(key).append('=').append(value.replace(":", "\\:")).append('\n'));

        logsIn(
                kstage,
                "--profile-file",
                file("client.properties", properties.toString()).toString());
        logsIn(kstage, "--profile-file", file("kcat.conf", kcat.toString()).toString());
        logsIn(
                kstage,
                "--profile-file",
                file("rpk.yaml", """
                        profiles:
                          - name: local
                            kafka_api:
                              brokers: [%s]
                              sasl: {user: me, mechanism: SCRAM-SHA-512, password: %s}
                        """.formatted(SERVER, json(PASSWORD))).toString());
    }

    @Test
    void shows_what_a_connection_became_without_its_secrets() {
        Installation here = kstage.with("AIRFLOW_CONN_KAFKA_DEFAULT", query());

        Outcome text = here.run("profile", "show", "kafka_default").expect(0);
        assertThat(text.stdout().replaceAll(" +", " ").replace(SERVER, "SERVER"))
                .isEqualTo("""
                 property value
                 bootstrap.servers SERVER
                 sasl.jaas.config ********
                 sasl.mechanism SCRAM-SHA-512
                 security.protocol SASL_PLAINTEXT

                 written as became because
                 sasl.mechanisms sasl.mechanism the Java client's name for it
                 security.protocol security.protocol the Java client needs upper case
                 sasl.username sasl.jaas.config Java's login module for SCRAM-SHA-512 reads it from there
                 sasl.password sasl.jaas.config Java's login module for SCRAM-SHA-512 reads it from there
                 error_cb - it names Python code, which kstage does not run
                 socket.keepalive.enable - only librdkafka has this property

                profile kafka_default (-p kafka_default, from AIRFLOW_CONN_KAFKA_DEFAULT)
                """);
        Outcome json =
                here.run("profile", "show", "kafka_default", "-o", "json").expect(0);
        assertThat(json.report().get("changes")).hasSize(6);
        assertThat(json.report().get("properties").get("sasl.jaas.config").asText())
                .isEqualTo("********");
        Outcome list = here.run("profile", "list").expect(0);
        assertThat(list.stdout()).contains("kafka_default", SERVER, "AIRFLOW_CONN_KAFKA_DEFAULT");
        List.of(text, json, list).forEach(LoginIT::keepsTheSecret);
    }

    @Test
    void reports_a_wrong_password_without_showing_it() throws IOException {
        Map<String, String> wrong = new TreeMap<>(SCRAM);
        wrong.put("sasl.password", PASSWORD + "!");

        Outcome outcome = kstage.with("AIRFLOW_CONN_K", json(Map.of("conn_type", "kafka", "extra", wrong)))
                .run("topic", "list", "-p", "k", "-vv")
                .expect(2);

        assertThat(outcome.stderr()).contains("SCRAM-SHA-512");
        keepsTheSecret(outcome);
    }

    @Test
    void masks_a_secret_in_the_log_of_the_client_too() {
        Outcome outcome = logsIn(
                kstage.with("AIRFLOW_CONN_K", query()),
                "-p",
                "k",
                "-X",
                "client.id=key-canary",
                "-X",
                "ssl.key.password=key-canary");

        assertThat(outcome.stderr()).contains("client.id = ********").doesNotContain("key-canary");
    }
}
