package dev.kstage.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.report.Failure;
import dev.kstage.sink.jdbc.connection.DatabaseLogin;
import dev.kstage.sink.jdbc.connection.DriverTimeouts;
import dev.kstage.sink.jdbc.schema.Dialect;
import dev.kstage.sink.jdbc.schema.StandardDialect;
import dev.kstage.sink.jdbc.schema.TableName;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases that accept a connection and then say nothing: each wait for one ends. */
@Timeout(60)
final class SilentDatabaseTest {
    private static byte[] welcome() {
        ByteBuffer welcome = ByteBuffer.allocate(512);
        // AuthenticationOk, what the driver wants to know, ReadyForQuery.
        welcome.put((byte) 'R').putInt(8).putInt(0);
        for (String each : List.of(
                "server_version\00016.0\0",
                "client_encoding\0UTF8\0",
                "DateStyle\0ISO\0",
                "integer_datetimes\0on\0",
                "standard_conforming_strings\0on\0")) {
            welcome.put((byte) 'S').putInt(Integer.BYTES + each.length()).put(each.getBytes(StandardCharsets.US_ASCII));
        }
        welcome.put((byte) 'Z').putInt(5).put((byte) 'I');
        return Arrays.copyOf(welcome.array(), welcome.position());
    }

    private static JdbcSink.Settings settings(String url) {
        return new JdbcSink.Settings(new DatabaseLogin(url, "me", null, null), TableName.of("orders"), List.of(), null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_server_that_hangs_before_or_after_the_login_is_given_up(boolean isAfter) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> welcome(server, isAfter));
            thread.setDaemon(true);
            thread.start();
            String url = "jdbc:postgresql://127.0.0.1:" + server.getLocalPort() + "/x?sslmode=disable&socketTimeout=1";

            assertThatThrownBy(() -> new JdbcSink(settings(url), "orders", null))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.TEMPORARY));
        }
    }

    @SuppressWarnings("resource") // The connections stay open as long as this test.
    private static void welcome(ServerSocket server, boolean isAfter) {
        try {
            while (true) {
                Socket client = server.accept();
                DataInputStream from = new DataInputStream(client.getInputStream());
                from.skipNBytes(from.readInt() - Integer.BYTES);
                if (isAfter) {
                    client.getOutputStream().write(welcome());
                }
            }
        } catch (IOException e) {
            // The test is over.
            return;
        }
    }

    @Test
    void a_file_of_sqlite_that_somebody_has_locked_is_given_up(@TempDir Path directory) throws SQLException {
        String url = "jdbc:sqlite:" + directory.resolve("x.db");
        try (Connection other = DriverManager.getConnection(url);
                Statement statement = other.createStatement()) {
            statement.execute("CREATE TABLE a (b)");
            statement.execute("BEGIN EXCLUSIVE");

            assertThatThrownBy(() -> new JdbcSink(settings(url + "?busy_timeout=300"), "orders", null))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.TEMPORARY));
        }
    }

    /** Of a driver that is not kstage's nothing is known. */
    @Test
    void any_driver_that_hangs_in_the_login_is_given_up() {
        CountDownLatch never = new CountDownLatch(1);
        Driver hanging = new Driver() {
            @Override
            public Connection connect(String url, Properties info) throws SQLException {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new SQLException("nobody waits any more");
            }

            @Override
            public boolean acceptsURL(String url) {
                return true;
            }

            @Override
            public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
                return new DriverPropertyInfo[0];
            }

            @Override
            public int getMajorVersion() {
                return 1;
            }

            @Override
            public int getMinorVersion() {
                return 0;
            }

            @Override
            public boolean jdbcCompliant() {
                return false;
            }

            @Override
            public Logger getParentLogger() throws SQLFeatureNotSupportedException {
                throw new SQLFeatureNotSupportedException();
            }
        };

        assertThatThrownBy(() -> DriverTimeouts.connect(hanging, "jdbc:x:y", new Properties(), Duration.ofMillis(200)))
                .isInstanceOfSatisfying(
                        SQLTransientConnectionException.class,
                        late -> assertThat(new StandardDialect().fault(late)).isEqualTo(Dialect.Fault.TEMPORARY));
    }
}
