package dev.kstage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.installed.Certificates;
import dev.kstage.installed.DedicatedKafka;
import dev.kstage.installed.DedicatedKafka.Listener;
import dev.kstage.installed.Installation;
import dev.kstage.installed.Outcome;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user is told where TLS with a real broker fails, at each listener in its own way, without -v. */
final class TlsErrorsIT {
    private static final Listener TLS = Listener.honest("TLS");
    private static final Listener MUTUAL = Listener.honest("MUTUAL");
    private static final Listener PLAIN = Listener.honest("PLAIN");
    // The certificate is for localhost alone.
    private static final Listener OTHER_NAME = advertisingItself("OTHER_NAME", "127.0.0.1");
    private static final Listener CROSSED = Listener.advertising("CROSSED", PLAIN.address());

    @TempDir
    static Path directory;

    private static Certificates authority;
    private static DedicatedKafka kafka;

    private final Installation kstage;

    TlsErrorsIT(@TempDir Path home) {
        kstage = Installation.in(home);
    }

    private static Listener advertisingItself(String name, String host) {
        int port = DedicatedKafka.freePort();
        return new Listener(name, port, host + ":" + port);
    }

    @BeforeAll
    static void start() {
        authority = Certificates.authority(directory, "authority-of-a-test");
        Path store = authority.sign("broker", "-ext", "san=dns:localhost");
        Map<String, String> settings = new HashMap<>(Map.of(
                "listener.security.protocol.map",
                "TLS:SSL,MUTUAL:SSL,OTHER_NAME:SSL,CROSSED:SSL,PLAIN:PLAINTEXT,DIRECT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                store.toString(),
                "ssl.keystore.password",
                Certificates.PASSWORD,
                "ssl.key.password",
                Certificates.PASSWORD,
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                authority.pem().toString(),
                "listener.name.mutual.ssl.client.auth",
                "required"));
        kafka = DedicatedKafka.start(List.of(TLS, MUTUAL, PLAIN, OTHER_NAME, CROSSED), settings);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private Outcome list(Listener listener, String protocol) {
        return kstage.run(
                "topic",
                "list",
                "-b",
                listener.address(),
                "-X",
                "security.protocol=" + protocol,
                "-X",
                "ssl.truststore.type=PEM",
                "-X",
                "ssl.truststore.location=" + authority.pem());
    }

    private static void assertTold(Outcome outcome, String why, String remedy) {
        assertThat(outcome.expect(2).stderr()).contains("why: " + why, "try: " + remedy);
    }

    @Test
    void the_right_settings_lead_to_the_broker() {
        list(TLS, "SSL").expect(0);
    }

    @Test
    void a_port_without_tls_is_reported() {
        assertTold(
                list(PLAIN, "SSL"),
                PLAIN.address() + " does not speak TLS, and security.protocol is SSL",
                "set security.protocol=PLAINTEXT in the profile, or give the port of a listener with TLS");
    }

    @Test
    void a_port_with_tls_is_reported_to_a_client_without_also_where_memory_is_short() {
        String why = TLS.address() + " speaks TLS, and security.protocol is PLAINTEXT";
        String remedy = "set security.protocol=SSL in the profile, or give the port of a listener without TLS";

        assertTold(list(TLS, "PLAINTEXT"), why, remedy);
        assertTold(kstage.with("JDK_JAVA_OPTIONS", "-Xmx96m").run("produce", "t", "-b", TLS.address()), why, remedy);
    }

    @Test
    void a_login_is_kept_in_what_is_proposed() {
        assertThat(kstage.run(
                                "topic",
                                "list",
                                "-b",
                                TLS.address(),
                                "-X",
                                "security.protocol=SASL_PLAINTEXT",
                                "-X",
                                "sasl.mechanism=PLAIN",
                                "-X",
                                "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule"
                                        + " required username=\"u\" password=\"p-of-a-test\";")
                        .expect(2)
                        .stderr())
                .contains("set security.protocol=SASL_SSL in the profile");
    }

    @Test
    void a_client_certificate_that_the_broker_requires_is_reported() {
        assertTold(
                list(MUTUAL, "SSL"),
                MUTUAL.address() + " asks for a client certificate, and the profile has none",
                "give one in the profile: ssl.certificate.location and ssl.key.location");
    }

    @Test
    void an_advertised_name_that_the_certificate_lacks_is_reported() {
        assertTold(
                list(OTHER_NAME, "SSL"),
                "the certificate of " + OTHER_NAME.advertised() + " is not for 127.0.0.1, but for localhost",
                "connect by a name that it has, and advertise such a name (advertised.listeners)");
    }

    @Test
    void an_advertised_port_of_another_protocol_is_reported() {
        assertThat(list(CROSSED, "SSL").expect(4).stderr())
                .contains(
                        "its broker tells clients to connect to " + PLAIN.address(),
                        PLAIN.address() + " does not speak TLS, and security.protocol is SSL");
    }
}
