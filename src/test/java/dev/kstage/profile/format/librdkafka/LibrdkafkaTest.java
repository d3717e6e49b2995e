package dev.kstage.profile.format.librdkafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.profile.Profile;
import dev.kstage.profile.PropertyChange;
import dev.kstage.report.FailureText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LibrdkafkaTest {
    private static final String KEY = "-----BEGIN PRIVATE KEY-----\nMIIcanary\n-----END PRIVATE KEY-----\n";

    @TempDir
    Path directory;

    private static Profile translated(boolean foreign, String... lines) {
        TreeMap<String, String> properties = new TreeMap<>();
        for (String line : lines) {
            properties.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
        return Librdkafka.translated(new Profile("a", properties), foreign);
    }

    private static String properties(String... lines) {
        return translated(true, lines).properties().toString();
    }

    private String messages(String... lines) {
        return FailureText.by(directory, () -> translated(true, lines));
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content).toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metadata.broker.list=a:1|{bootstrap.servers=a:1}",
                "security.protocol=ssl|{security.protocol=SSL}",
                "compression.codec=lz4|{compression.type=lz4}",
                "message.timeout.ms=5|{delivery.timeout.ms=5}",
                "auto.offset.reset=smallest|{auto.offset.reset=earliest}",
                "auto.offset.reset=beginning|{auto.offset.reset=earliest}",
                "auto.offset.reset=largest|{auto.offset.reset=latest}",
                "auto.offset.reset=end|{auto.offset.reset=latest}",
                "auto.offset.reset=error|{auto.offset.reset=none}",
                "auto.offset.reset=latest|{auto.offset.reset=latest}",
                "ssl.endpoint.identification.algorithm=none|{ssl.endpoint.identification.algorithm=}",
                "ssl.endpoint.identification.algorithm=https|{ssl.endpoint.identification.algorithm=https}",
                "ssl.ca.location=/ca.pem|{ssl.truststore.location=/ca.pem, ssl.truststore.type=PEM}",
                "ssl.ca.location=probe|{}",
                "ssl.ca.pem=PEM|{ssl.truststore.certificates=PEM, ssl.truststore.type=PEM}",
                "ssl.keystore.location=/k.p12|{ssl.keystore.location=/k.p12, ssl.keystore.type=PKCS12}",
                "enable.ssl.certificate.verification=true|{}",
                "group.id=g|{group.id=g}",
                "no.such.thing=1|{no.such.thing=1}",
            })
    void gives_a_property_its_name_and_value_of_the_java_clients(String written, String meant) {
        assertThat(properties(written)).isEqualTo(meant);
    }

    @Test
    void takes_the_java_name_where_both_are_given_and_says_so() {
        Profile profile = translated(true, "metadata.broker.list=a:1", "bootstrap.servers=b:1");

        assertThat(profile.bootstrapServers()).isEqualTo("b:1");
        assertThat(profile.messages(PropertyChange.Weight.NOTED))
                .containsExactly("profile a: metadata.broker.list: not used, because bootstrap.servers is set too");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PLAIN|plain.PlainLoginModule",
                "plain|plain.PlainLoginModule",
                "SCRAM-SHA-256|scram.ScramLoginModule",
                "SCRAM-SHA-512|scram.ScramLoginModule"
            })
    void makes_a_login_module_of_user_name_and_password(String mechanism, String module) {
        assertThat(properties(
                        "security.protocol=sasl_ssl",
                        "sasl.mechanisms=" + mechanism,
                        "sasl.username=me",
                        "sasl.password=a \"b\" \\c"))
                .isEqualTo("{sasl.jaas.config=org.apache.kafka.common.security." + module
                        + " required username=\"me\" password=\"a \\\"b\\\" \\\\c\";, sasl.mechanism="
                        + mechanism.toUpperCase(Locale.ROOT) + ", security.protocol=SASL_SSL}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sasl.mechanism=PLAIN;sasl.username=u|there is no sasl.password beside it",
                "sasl.mechanism=PLAIN;sasl.password=canary|there is no sasl.username beside it",
                "sasl.username=u;sasl.password=canary|there is sasl.username, but no sasl.mechanism",
                "sasl.mechanism=GSSAPI;sasl.username=u;sasl.password=canary|do not work with GSSAPI",
                "sasl.mechanism=GSSAPI|kstage does not support GSSAPI",
                "x=y|the default of sasl.mechanism is GSSAPI",
                "sasl.mechanism=OAUTHBEARER;oauth_cb=x:y|oauth_cb is Python code that fetches the token",
                "sasl.mechanism=OAUTHBEARER|without sasl.oauthbearer.method=oidc",
                "sasl.mechanism=OAUTHBEARER;sasl.oauthbearer.method=oidc|the token endpoint is not set",
            })
    void refuses_what_nobody_could_log_in_with(String lines, String why) {
        assertThat(messages(("security.protocol=sasl_ssl;" + lines).split(";", -1)))
                .startsWith("USAGE: cannot use ")
                .contains(why)
                .doesNotContain("canary");
    }

    @Test
    void warns_of_a_password_that_nothing_uses() {
        Profile profile = translated(true, "sasl.mechanism=PLAIN", "sasl.username=u", "sasl.password=p");

        assertThat(profile.properties()).hasToString("{sasl.mechanism=PLAIN}");
        assertThat(profile.messages(PropertyChange.Weight.WARNED))
                .containsExactly(
                        "profile a: sasl.username, sasl.password: not used, because security.protocol is not set,"
                                + " which means PLAINTEXT, so there is no login");
    }

    @Test
    void makes_a_login_by_token_of_oidc() {
        assertThat(properties(
                        "security.protocol=SASL_SSL",
                        "sasl.mechanisms=OAUTHBEARER",
                        "sasl.oauthbearer.method=OIDC",
                        "sasl.oauthbearer.client.id=me",
                        "sasl.oauthbearer.client.secret=s",
                        "sasl.oauthbearer.scope=kafka",
                        "sasl.oauthbearer.extensions=cluster=c1",
                        "sasl.oauthbearer.token.endpoint.url=https://idp/token"))
                .isEqualTo("{sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule"
                        + " required extension_cluster=\"c1\";,"
                        + " sasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer."
                        + "OAuthBearerLoginCallbackHandler, sasl.mechanism=OAUTHBEARER,"
                        + " sasl.oauthbearer.client.credentials.client.id=me,"
                        + " sasl.oauthbearer.client.credentials.client.secret=s, sasl.oauthbearer.scope=kafka,"
                        + " sasl.oauthbearer.token.endpoint.url=https://idp/token, security.protocol=SASL_SSL}");
    }

    @Test
    void puts_certificate_and_key_into_a_key_store() throws IOException {
        assertThat(properties(
                        "ssl.certificate.location=" + file("c.pem", "CERT"),
                        "ssl.key.location=" + file("k.pem", KEY),
                        "ssl.key.password=unused"))
                .isEqualTo(
                        "{ssl.keystore.certificate.chain=CERT, ssl.keystore.key=" + KEY + ", ssl.keystore.type=PEM}");
        assertThat(translated(true, "ssl.certificate.pem=CERT", "ssl.key.pem=" + KEY)
                        .secrets())
                .containsExactly(KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void refuses_a_key_that_java_cannot_read_and_says_how_to_convert_it(String kind) throws IOException {
        String key = file("k.pem", "-----BEGIN " + kind + " PRIVATE KEY-----\ncanary\n");

        assertThat(messages("ssl.certificate.pem=CERT", "ssl.key.location=" + key))
                .isEqualTo("""
                USAGE: cannot use "ssl.key.location" of profile "a"
                the key is in the old format PKCS#1 (or SEC 1), and Java reads PKCS#8 only
                convert the key: openssl pkcs8 -topk8 -in KEY.pem -out KEY.pkcs8.pem
                """);
    }

    @Test
    void refuses_certificates_and_keys_that_are_not_whole() throws IOException {
        assertThat(messages("ssl.certificate.pem=CERT")).contains("there is no ssl.key.location beside it");
        assertThat(messages("ssl.key.pem=" + KEY)).contains("there is no ssl.certificate.location beside it");
        assertThat(messages("ssl.key.location=/none/k.pem", "ssl.certificate.pem=C"))
                .contains("cannot read /none/k.pem: there is no such file");
        assertThat(messages("ssl.key.pem=canary", "ssl.certificate.pem=C"))
                .contains("the file contains no private key in PEM format")
                .doesNotContain("canary");
        assertThat(messages("ssl.certificate.pem=C", "ssl.key.pem=-----BEGIN ENCRYPTED PRIVATE KEY-----"))
                .contains("the key is encrypted", "ssl.key.password");
        assertThat(messages("ssl.ca.location=" + directory)).contains("it is a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "0", "False", "f"})
    void refuses_to_trust_any_certificate(String no) {
        assertThat(messages("enable.ssl.certificate.verification=" + no)).isEqualTo("""
                USAGE: cannot use "enable.ssl.certificate.verification" of profile "a"
                Java clients can't disable certificate verification
                remove it, and name the CA certificate with ssl.ca.location
                """);
    }

    @Test
    void leaves_out_what_means_nothing_here_and_names_it_in_one_line() {
        Profile profile = translated(
                true, "error_cb=a.b", "oauth_cb=c.d", "socket.keepalive.enable=true", "statistics.interval.ms=1");

        assertThat(profile.properties()).isEmpty();
        assertThat(profile.messages(PropertyChange.Weight.NOTED))
                .containsExactlyInAnyOrder(
                        "profile a: error_cb, oauth_cb: not used, because it names Python code, which kstage"
                                + " does not run",
                        "profile a: socket.keepalive.enable, statistics.interval.ms: not used, because only"
                                + " librdkafka has this property");
    }

    @Test
    void warns_of_a_partitioner_that_chooses_other_partitions() {
        assertThat(translated(true, "partitioner=consistent_random").messages(PropertyChange.Weight.WARNED))
                .singleElement()
                .asString()
                .contains("partitioner: not used");
        assertThat(translated(true, "partitioner=murmur2_random").messages(PropertyChange.Weight.WARNED))
                .isEmpty();
    }

    @Test
    void leaves_java_properties_as_they_are() {
        assertThat(translated(false, "ssl.keystore.location=/k.jks", "ssl.cipher.suites=TLS_X", "bootstrap.servers=a")
                        .properties())
                .hasToString("{bootstrap.servers=a, ssl.cipher.suites=TLS_X, ssl.keystore.location=/k.jks}");
    }
}
