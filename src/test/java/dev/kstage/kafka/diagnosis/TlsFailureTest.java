package dev.kstage.kafka.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kstage.installed.Certificates;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.profile.Profile;
import dev.kstage.report.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever connects gets a real TLS of Java's, and what it has to say of why that fails. */
final class TlsFailureTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    static Path directory;

    private static Certificates authority;
    private static Path good;

    @BeforeAll
    static void make_certificates() {
        authority = Certificates.authority(directory, "authority-of-a-test");
        good = authority.sign("good", "-ext", "san=dns:localhost,ip:127.0.0.1");
    }

    /** A server that shakes hands with everybody and then says nothing. */
    private static final class Server implements AutoCloseable {
        private final ServerSocket socket;

        Server(ServerSocket socket, Consumer<Socket> welcome) {
            this.socket = socket;
            Thread thread = new Thread(
                    () -> {
                        while (!socket.isClosed()) {
                            try (Socket client = socket.accept()) {
                                welcome.accept(client);
                            } catch (IOException e) {
                                // Whoever came has gone, or the test has ended.
                            }
                        }
                    },
                    "server of a test");
            thread.setDaemon(true);
            thread.start();
        }

        static Server showing(Path store, Consumer<SSLServerSocket> settings) throws IOException {
            SSLServerSocket socket = (SSLServerSocket)
                    authority.server(store).getServerSocketFactory().createServerSocket(0, 50, LOOPBACK);
            settings.accept(socket);
            return new Server(socket, client -> {
                try {
                    ((SSLSocket) client).startHandshake();
                    client.getInputStream().read();
                } catch (IOException e) {
                    // As it should be: the client refuses, or is refused.
                }
            });
        }

        static Server showing(Path store) throws IOException {
            return showing(store, socket -> {});
        }

        String address() {
            return "localhost:" + socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Failure failure(Server server, Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "bootstrap.servers",
                server.address(),
                "security.protocol",
                "SSL",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                authority.pem().toString()));
        properties.putAll(more);
        properties.values().removeIf(String::isEmpty);
        ClientSettings settings = new ClientSettings(new Profile("a", new TreeMap<>(properties)), LIMIT);
        return catchThrowableOfType(
                Failure.class, () -> Cluster.connect(settings).close());
    }

    private static void assertTold(Failure failure, Failure.Kind kind, String why, String remedy) {
        assertThat(failure.why()).isEqualTo(why);
        assertThat(failure.remedy()).isEqualTo(remedy);
        assertThat(failure.kind()).isEqualTo(kind);
    }

    @Test
    void a_certificate_for_another_host_is_told_with_its_names() throws IOException {
        Path other = authority.sign("other", "-ext", "san=dns:kafka.example,dns:*.kafka.example,ip:192.0.2.1");
        try (Server server = Server.showing(other)) {
            assertTold(
                    failure(server, Map.of()),
                    Failure.Kind.USAGE,
                    "the certificate of " + server.address()
                            + " is not for localhost, but for kafka.example, *.kafka.example, 192.0.2.1",
                    "connect by a name that it has, and advertise such a name (advertised.listeners);"
                            + " or have a certificate made for localhost");
        }
    }

    @Test
    void an_unknown_authority_is_named_with_what_to_give() throws IOException {
        try (Server server = Server.showing(good)) {
            assertTold(
                    failure(server, Map.of("ssl.truststore.location", "", "ssl.truststore.type", "")),
                    Failure.Kind.USAGE,
                    "the certificate of " + server.address() + " is signed by CN=authority-of-a-test,"
                            + " which is not trusted: the profile names no authority, so only Java's own count",
                    "if it is the right one, name its certificate in the profile:"
                            + " ssl.ca.location for a file in PEM format, or ssl.truststore.location");
        }
    }

    @Test
    void an_authority_that_is_not_in_the_trust_store_is_named_with_that_store() throws IOException {
        Path stranger = Certificates.authority(directory, "stranger").pem();
        try (Server server = Server.showing(good)) {
            assertTold(
                    failure(server, Map.of("ssl.truststore.location", stranger.toString())),
                    Failure.Kind.USAGE,
                    "the certificate of " + server.address() + " is signed by CN=authority-of-a-test,"
                            + " which is not trusted: ssl.truststore.location (" + stranger + ") does not lead to it",
                    "put the certificate of that authority there, if it is the right one");
        }
    }

    @Test
    void a_certificate_out_of_date_is_told_with_the_date() throws IOException {
        Path expired = authority.sign(
                "expired", "-ext", "san=dns:localhost", "-startdate", "2020/01/01 00:00:00", "-validity", "1");
        Path early = authority.sign("early", "-ext", "san=dns:localhost", "-startdate", "2090/01/01 00:00:00");
        try (Server server = Server.showing(expired)) {
            Failure failure = failure(server, Map.of());

            assertThat(failure.kind()).isEqualTo(Failure.Kind.TEMPORARY);
            assertThat(failure.why())
                    .startsWith("the certificate of " + server.address() + " (CN=expired) expired on 2020-01-0");
            assertThat(failure.remedy()).isEqualTo("have it renewed; and see that this machine's clock is right");
        }
        try (Server server = Server.showing(early)) {
            Failure failure = failure(server, Map.of());

            assertThat(failure.kind()).isEqualTo(Failure.Kind.TEMPORARY);
            assertThat(failure.why())
                    .matches("the certificate of .* \\(CN=early\\) is not valid before 20(89-12-31|90-01-01)T.*Z");
            assertThat(failure.remedy()).contains("this machine's clock is right (it says 20");
        }
    }

    @Test
    void a_client_certificate_that_is_required_is_asked_for() throws IOException {
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            try (Server server = Server.showing(good, socket -> {
                socket.setNeedClientAuth(true);
                socket.setEnabledProtocols(new String[] {version});
            })) {
                assertTold(
                        failure(server, Map.of()),
                        Failure.Kind.USAGE,
                        server.address() + " asks for a client certificate, and the profile has none",
                        "give one in the profile: ssl.certificate.location and ssl.key.location"
                                + " for files in PEM format, or ssl.keystore.location");
            }
        }
    }

    @Test
    void a_client_certificate_that_is_not_accepted_is_named() throws IOException {
        Path foreign = Certificates.authority(directory, "foreign").sign("client");
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            try (Server server = Server.showing(good, socket -> {
                socket.setNeedClientAuth(true);
                socket.setEnabledProtocols(new String[] {version});
            })) {
                Failure failure = failure(
                        server,
                        Map.of(
                                "ssl.keystore.type",
                                "PKCS12",
                                "ssl.keystore.location",
                                foreign.toString(),
                                "ssl.keystore.password",
                                Certificates.PASSWORD,
                                "ssl.key.password",
                                Certificates.PASSWORD));
                assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
                assertThat(failure.why())
                        .startsWith(server.address() + " does not accept the client certificate of"
                                + " ssl.keystore.location (" + foreign + "): the alert was ");
                assertThat(failure.remedy())
                        .isEqualTo("give one that is in date, and signed by an authority that the broker trusts");
            }
        }
    }

    @Test
    void no_version_in_common_is_told_with_what_each_side_has() throws IOException {
        try (Server server = Server.showing(good, socket -> socket.setEnabledProtocols(new String[] {"TLSv1.3"}))) {
            Failure failure = failure(server, Map.of("ssl.enabled.protocols", "TLSv1.2", "ssl.protocol", "TLSv1.2"));

            assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
            assertThat(failure.why())
                    .startsWith("no TLS version or cipher suite is common to the client and " + server.address())
                    .contains(
                            "the profile has ssl.protocol=TLSv1.2, ssl.enabled.protocols=TLSv1.2",
                            server.address() + " takes TLSv1.3 with TLS_");
            assertThat(failure.remedy()).isEqualTo("correct these properties, or leave them out");
        }
    }

    @Test
    void no_cipher_in_common_is_told_with_what_each_side_has() throws IOException {
        try (Server server = Server.showing(good, socket -> {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"});
        })) {
            String other = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
            Failure failure = failure(server, Map.of("ssl.cipher.suites", other));

            assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
            assertThat(failure.why())
                    .startsWith("no TLS version or cipher suite is common to the client and " + server.address())
                    .contains("the profile has ssl.cipher.suites=" + other, "takes TLSv1.2 with TLS_ECDHE_ECDSA");
        }
    }

    @Test
    void a_client_without_tls_is_told_that_the_port_speaks_it() throws IOException {
        try (Server server = Server.showing(good)) {
            assertTold(
                    failure(server, Map.of("security.protocol", "PLAINTEXT")),
                    Failure.Kind.USAGE,
                    server.address() + " speaks TLS, and security.protocol is PLAINTEXT",
                    "set security.protocol=SSL in the profile, or give the port of a listener without TLS");
        }
    }

    @Test
    void a_port_of_another_protocol_is_told_to_both_kinds_of_client() throws IOException {
        byte[] answer = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (Server server = new Server(new ServerSocket(0, 50, LOOPBACK), client -> {
            try (OutputStream to = client.getOutputStream()) {
                if (client.getInputStream().read() >= 0) {
                    to.write(answer);
                }
            } catch (IOException e) {
                // The look at whether anybody is there says nothing.
            }
        })) {
            for (String protocol : new String[] {"SSL", "PLAINTEXT"}) {
                assertTold(
                        failure(server, Map.of("security.protocol", protocol)),
                        Failure.Kind.USAGE,
                        "what listens at " + server.address() + " is no Kafka: it answers in another protocol",
                        "check host and port");
            }
        }
    }
}
