package dev.kstage.cli.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.kstage.installed.Installation;
import dev.kstage.installed.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A login by token, as librdkafka's oidc means it, asks the address that the profile names. */
final class TokenLoginIT {
    private static final String SECRET = "can\"ary %41";

    @Test
    void asks_the_token_endpoint_with_client_id_and_secret(@TempDir Path home) throws IOException {
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        HttpServer endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint.createContext("/token", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        endpoint.start();
        try {
            // Something has to answer there before a client is made; the token comes before the broker.
            int port = endpoint.getAddress().getPort();
            Installation kstage = Installation.in(home).asProcess();
            Path conf = kstage.file("kcat.conf");
            Installation.write(conf, """
                    bootstrap.servers=127.0.0.1:%d
                    security.protocol=sasl_plaintext
                    sasl.mechanisms=OAUTHBEARER
                    sasl.oauthbearer.method=oidc
                    sasl.oauthbearer.client.id=me
                    sasl.oauthbearer.client.secret=%s
                    sasl.oauthbearer.scope=kafka
                    sasl.oauthbearer.token.endpoint.url=http://127.0.0.1:%d/token
                    """.formatted(port, SECRET, port));

            Outcome outcome = kstage.run("topic", "list", "-vv", "--profile-file", conf.toString());

            String login = Base64.getEncoder().encodeToString(("me:" + SECRET).getBytes(StandardCharsets.UTF_8));
            assertThat(asked).isNotEmpty();
            assertThat(Objects.requireNonNull(asked.peek()))
                    .contains("Basic " + login, "grant_type=client_credentials", "scope=kafka");
            assertThat(outcome.stdout() + outcome.stderr()).doesNotContain(SECRET, "ary %41", login);
            assertThat(outcome.code()).isNotZero();
        } finally {
            endpoint.stop(0);
        }
    }

    @Test
    void does_not_wait_for_a_token_endpoint_that_never_answers(@TempDir Path home) throws IOException {
        // It accepts connections by itself, and nobody reads what comes.
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();

            Outcome outcome = Installation.in(home)
                    .asProcess()
                    .at(address)
                    .run(
                            "topic",
                            "list",
                            "--timeout",
                            "2s",
                            "-X",
                            "security.protocol=SASL_PLAINTEXT",
                            "-X",
                            "sasl.mechanism=OAUTHBEARER",
                            "-X",
                            "sasl.oauthbearer.token.endpoint.url=http://" + address + "/token",
                            "-X",
                            "sasl.login.callback.handler.class="
                                    + "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler",
                            "-X",
                            "sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule"
                                    + " required clientId=\"me\" clientSecret=\"x\";");

            assertThat(outcome.code()).as(outcome.stderr()).isIn(2, 4);
            assertThat(outcome.time()).isLessThan(Duration.ofSeconds(40));
        }
    }
}
