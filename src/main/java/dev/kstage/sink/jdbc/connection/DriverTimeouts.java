package dev.kstage.sink.jdbc.connection;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Timeouts for unknown drivers, so that a server that accepts a connection but never responds does not block a run.
 */
public final class DriverTimeouts {
    private static final Duration LOGIN = Duration.ofSeconds(30);
    // The same as for PostgreSQL.
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private DriverTimeouts() {}

    public static @Nullable Connection connect(Driver driver, String url, Properties properties) throws SQLException {
        return connect(driver, url, properties, LOGIN);
    }

    public static @Nullable Connection connect(Driver driver, String url, Properties properties, Duration limit)
            throws SQLException {
        FutureTask<@Nullable Connection> connecting = new FutureTask<>(() -> driver.connect(url, properties));
        // A daemon thread, because a blocked driver may not be interruptible.
        Thread thread = new Thread(connecting, "kstage-login");
        thread.setDaemon(true);
        thread.start();
        try {
            Connection connection = connecting.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (connection != null) {
                limitAnswers(connection);
            }
            return connection;
        } catch (TimeoutException e) {
            connecting.cancel(true);
            throw new SQLTransientConnectionException(
                    "the database did not respond to the login within " + limit.toSeconds() + " s", "08001", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException told) {
                throw told;
            }
            throw new SQLException("the driver failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted", "08001", e);
        }
    }

    /** Not every driver supports this, and some throw an error. */
    private static void limitAnswers(Connection connection) {
        try {
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(ANSWER.toMillis()));
        } catch (SQLException | UnsupportedOperationException | AbstractMethodError e) {
            // Then only the URL can set a limit.
            return;
        }
    }
}
