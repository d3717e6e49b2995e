package dev.kstage.sink.jdbc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.report.FailureText;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PostgresTransportTest {
    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;

    /** A server that has no TLS and asks for the password in clear text; it gives what it was sent then. */
    private static CompletableFuture<String> asking(ServerSocket server) {
        return CompletableFuture.supplyAsync(() -> {
            try (Socket client = server.accept()) {
                DataInputStream in = new DataInputStream(client.getInputStream());
                DataOutputStream out = new DataOutputStream(client.getOutputStream());
                int length = in.readInt();
                int code = in.readInt();
                while (code == SSL_REQUEST || code == GSS_REQUEST) {
                    out.writeByte('N');
                    length = in.readInt();
                    code = in.readInt();
                }
                in.readFully(new byte[length - 2 * Integer.BYTES]);
                out.writeByte('R');
                out.writeInt(2 * Integer.BYTES);
                out.writeInt(3);
                ByteArrayOutputStream sent = new ByteArrayOutputStream();
                byte[] answer = new byte[1 << 10];
                int read = in.read(answer);
                sent.write(answer, 0, Math.max(read, 0));
                return sent.toString(StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static InetAddress otherAddress() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst()
                .orElseGet(() -> Assumptions.abort("this machine has no address but loopback"));
    }

    private static DatabaseLogin login(String host, int port, String parameters) {
        return new DatabaseLogin("jdbc:postgresql://" + host + ":" + port + "/db" + parameters, "me", "s3cr3t", null);
    }

    @Test
    void a_server_that_asks_in_clear_text_gets_no_password() throws Exception {
        InetAddress address = otherAddress();
        try (ServerSocket server = new ServerSocket(0, 1, address)) {
            CompletableFuture<String> sent = asking(server);

            String told = FailureText.by(() ->
                    login(address.getHostAddress(), server.getLocalPort(), "").connect());

            assertThat(told)
                    .startsWith("USAGE: cannot log in to " + address.getHostAddress() + " without encryption\n")
                    .contains("asks for the password in clear text", "sslmode=verify-full", "scram-sha-256");
            assertThat(sent.get(10, TimeUnit.SECONDS)).doesNotContain("s3cr3t");
        }
    }

    @Test
    void on_this_machine_it_gets_one_as_ever() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> sent = asking(server);

            assertThatThrownBy(
                            () -> login("127.0.0.1", server.getLocalPort(), "").connect())
                    .isInstanceOf(SQLException.class);

            assertThat(sent.get(10, TimeUnit.SECONDS)).contains("s3cr3t");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"?requireAuth=password", "?requireAuth=!md5", "?sslmode=prefer&requireAuth=md5,password"})
    void a_url_can_not_ask_for_it(String parameters) {
        assertThat(FailureText.by(() -> login("192.0.2.7", 1, parameters).connect()))
                .startsWith("USAGE: cannot log in to 192.0.2.7 without encryption\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?sslmode=disable", "?sslmode=prefer", "?sslmode=allow", "?ssl=false"})
    void a_connection_that_may_be_without_encryption_is_warned_of(String parameters) {
        assertThat(login("192.0.2.7", 1, parameters).warning().orElseThrow())
                .contains("192.0.2.7 may not be encrypted", "sslmode=verify-full", "sslmode=require encrypts");
        assertThat(login("127.0.0.1:1,192.0.2.7", 1, parameters).warning()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://192.0.2.7/db?sslmode=require",
                "jdbc:postgresql://192.0.2.7/db?sslmode=verify-full",
                "jdbc:postgresql://192.0.2.7/db?ssl=true",
                "jdbc:postgresql://localhost/db",
                "jdbc:postgresql://127.3.2.1:5/db",
                "jdbc:postgresql://[::1]/db",
                "jdbc:postgresql:db",
                "jdbc:sqlite:events.db"
            })
    void what_is_encrypted_or_stays_on_this_machine_is_not(String url) {
        assertThat(new DatabaseLogin(url, null, null, null).warning()).isEmpty();
    }
}
