package dev.kstage.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.profile.format.ProfileFile;
import dev.kstage.report.FailureText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Profiles in files of other tools, told by their names and by what they hold. */
class OtherFormatsTest {
    private static final String PASSWORD = "p\"q\" 'r' 100% @;:=#&\\x é€";

    @TempDir
    Path directory;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private ProfileFile read(String name, String content) throws IOException {
        return ProfileFile.read(file(name, content));
    }

    private static SortedMap<String, String> properties(ProfileFile file, String name) {
        return Objects.requireNonNull(file.profiles().get(name)).properties();
    }

    @Test
    void reads_connections_exported_as_json() throws IOException {
        ProfileFile file = read("conns.json", """
                {
                  "kafka_default": {"conn_type": "kafka", "description": null, "login": null, "password": null,
                    "host": null, "port": null, "schema": null,
                    "extra": "{\\"bootstrap.servers\\": \\"kafka:9092\\", \\"sasl.password\\": \\"p\\\\\\"q \\\\u00e9\\"}"},
                  "pg": {"conn_type": "postgres", "host": "db", "extra": null}
                }
                """);

        assertThat(file.onlyName()).isEqualTo("kafka_default");
        assertThat(properties(file, "kafka_default"))
                .hasToString("{bootstrap.servers=kafka:9092, sasl.password=p\"q é}");
        assertThat(Objects.requireNonNull(file.profiles().get("pg")).unusable())
                .isEqualTo("its conn_type is postgres, not kafka");
    }

    @Test
    void reads_connections_exported_as_yaml() throws IOException {
        ProfileFile file = read("conns.yml", """
                kafka_default:
                  conn_type: kafka
                  description: null
                  extra: '{"bootstrap.servers": "kafka:9092", "sasl.password": "p''q"}'
                  host: null
                staging:
                  conn_type: kafka
                  extra_dejson:
                    bootstrap.servers: staging:9092
                as_uri: kafka:///?bootstrap.servers=uri%3A9092
                """);

        assertThat(file.names()).containsExactly("kafka_default", "staging", "as_uri");
        assertThat(properties(file, "kafka_default")).hasToString("{bootstrap.servers=kafka:9092, sasl.password=p'q}");
        assertThat(properties(file, "staging")).hasToString("{bootstrap.servers=staging:9092}");
        assertThat(properties(file, "as_uri")).hasToString("{bootstrap.servers=uri:9092}");
        assertThat(FailureText.by(directory, file::onlyName)).isEqualTo("""
                USAGE: DIR/conns.yml has no default profile
                it has no `default:`, and its profiles are kafka_default, staging, as_uri
                name a profile with -p NAME; in kstage's own format, or add `default: NAME`
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"conns.env", "conns", ".env"})
    void reads_connections_exported_as_lines(String name) throws IOException {
        ProfileFile file = read(name, """
                # a comment
                kafka_default=kafka:///?bootstrap.servers=kafka%3A9092&sasl.password=a%3Db+%22c

                AIRFLOW_CONN_STAGING='{"conn_type": "kafka", "extra": {"bootstrap.servers": "s:1"}}'
                export AIRFLOW_CONN_PROD="kafka://prod:1"
                pg=postgres://u:p@h/db
                """);

        assertThat(file.names()).containsExactly("kafka_default", "staging", "prod");
        assertThat(properties(file, "kafka_default"))
                .hasToString("{bootstrap.servers=kafka:9092, sasl.password=a=b \"c}");
        assertThat(properties(file, "staging")).hasToString("{bootstrap.servers=s:1}");
    }

    @Test
    void refuses_a_connection_that_occurs_twice() throws IOException {
        Path env = file("c.env", "a=kafka://x:1\na=kafka://y:1\n");

        assertThat(FailureText.by(directory, () -> ProfileFile.read(env)))
                .contains("it has connection \"a\" more than once");
    }

    @Test
    void names_the_line_that_is_not_key_and_value() throws IOException {
        Path env = file("c.env", "a=kafka://x:1\n\ncanary\n");

        assertThat(FailureText.by(directory, () -> ProfileFile.read(env)))
                .contains("line 3 is not key=value")
                .doesNotContain("canary");
    }

    @Test
    void reads_properties_of_java_with_their_escapes() throws IOException {
        ProfileFile file = read("client.properties", """
                # as Kafka's tools take them
                bootstrap.servers: a:1,\\
                    b:2
                ssl.truststore.password = p\\u00e4 \\"q\\" \\\\ \\: 100% é €
                empty=
                """);

        assertThat(file.onlyName()).isEqualTo("client");
        assertThat(properties(file, "client"))
                .hasToString("{bootstrap.servers=a:1,b:2, empty=, ssl.truststore.password=pä \"q\" \\ : 100% é €}");
    }

    @Test
    void reads_properties_of_java_in_the_old_encoding_if_they_are_not_utf_8() throws IOException {
        Path path = directory.resolve("client.properties");
        Files.write(path, "bootstrap.servers=a:1\nssl.key.password=pä\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(properties(ProfileFile.read(path), "client"))
                .hasToString("{bootstrap.servers=a:1, ssl.key.password=pä}");
    }

    @Test
    void reports_a_broken_escape_without_its_line() throws IOException {
        Path path = file("client.properties", "ssl.key.password=\\ucanary\n");

        assertThat(FailureText.by(directory, () -> ProfileFile.read(path)))
                .contains("\\u")
                .doesNotContain("canary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kcat.conf", "kcat.config", "kcat"})
    void reads_the_configuration_of_kcat(String name) throws IOException {
        ProfileFile file = read(name, """
                # comment
                  metadata.broker.list=a\\:1,b:2
                sasl.mechanisms = PLAIN
                sasl.password=%s
                x\\=1
                """.formatted(PASSWORD));

        assertThat(properties(file, "kcat"))
                .hasToString(
                        "{metadata.broker.list=a:1,b:2, sasl.mechanisms=PLAIN, sasl.password=" + PASSWORD + ", x=1}");
    }

    @Test
    void reads_the_profiles_of_rpk() throws IOException {
        ProfileFile file = read("rpk.yaml", """
                version: 7
                current_profile: local
                profiles:
                  - name: local
                    description: ""
                    kafka_api:
                      brokers: [127.0.0.1:9092, "localhost:9093"]
                    admin_api: {}
                  - name: cloud
                    kafka_api:
                      brokers: [c:9092]
                      tls: {}
                      sasl:
                        user: me
                        password: "p\\"q\\\\ é"
                        mechanism: scram-sha-256
                  - name: mtls
                    kafka_api:
                      brokers: [m:9092]
                      tls: {ca_file: /ca.pem, cert_file: /c.pem, key_file: /k.pem, insecure_skip_verify: true}
                """);

        assertThat(file.onlyName()).isEqualTo("local");
        assertThat(properties(file, "local"))
                .hasToString("{bootstrap.servers=127.0.0.1:9092,localhost:9093, security.protocol=PLAINTEXT}");
        assertThat(properties(file, "cloud"))
                .hasToString("{bootstrap.servers=c:9092, sasl.mechanism=scram-sha-256, sasl.password=p\"q\\ é,"
                        + " sasl.username=me, security.protocol=SASL_SSL}");
        assertThat(properties(file, "mtls"))
                .hasToString("{bootstrap.servers=m:9092, enable.ssl.certificate.verification=false,"
                        + " security.protocol=SSL, ssl.ca.location=/ca.pem, ssl.certificate.location=/c.pem,"
                        + " ssl.key.location=/k.pem}");
    }

    @Test
    void takes_an_empty_key_tls_of_rpk_for_tls() throws IOException {
        ProfileFile file = read("rpk.yaml", "profiles:\n- name: a\n  kafka_api:\n    brokers: [a:1]\n    tls:\n");

        assertThat(properties(file, "a")).containsEntry("security.protocol", "SSL");
    }

    @Test
    void reads_ones_own_format_in_json() throws IOException {
        ProfileFile file = read("mine.json", "{\"profiles\": {\"a\": {\"bootstrap.servers\": \"a:1\"}}}");

        assertThat(file.names()).isEqualTo(List.of("a"));
    }

    @Test
    void reports_every_format_when_it_is_none() throws IOException {
        Path other = file("what.yaml", "services:\n  kafka:\n    image: x\n");

        assertThat(FailureText.by(directory, () -> ProfileFile.read(other))).isEqualTo("""
                USAGE: cannot use the profile file DIR/what.yaml
                it has "services" at its top level, and is neither an Airflow export nor rpk.yaml nor lines key=value
                kstage's own format has only `default:` and `profiles:` at its top level
                """);
    }

    @Test
    void names_the_line_of_broken_json_without_its_content() throws IOException {
        Path broken = file("conns.json", "{\n \"k\": {\"conn_type\": \"kafka\",\n \"extra\": canary}\n}");

        assertThat(FailureText.by(directory, () -> ProfileFile.read(broken)))
                .contains("line 3: a value is neither in quotes nor a number")
                .doesNotContain("canary");
    }

    @Test
    void tells_why_a_file_has_no_connection_to_kafka() throws IOException {
        ProfileFile file = read("conns.json", "{\"pg\": {\"conn_type\": \"postgres\"}, \"x\": {\"extra\": \"{\"}}");

        assertThat(FailureText.by(directory, file::onlyName)).isEqualTo("""
                USAGE: DIR/conns.json has no default profile
                pg: its conn_type is postgres, not kafka; x: its extra is not a JSON object
                name a file with a profile
                """);
    }
}
