package dev.kstage.sink.jdbc.connection;

import dev.kstage.report.Failure;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a database. kstage includes the drivers of PostgreSQL and SQLite; others are loaded from a file. {@code
 * java.sql.DriverManager} is not used: it does not see such a driver, and its error messages contain the whole URL.
 *
 * @param url a {@code jdbc:} URL without a password
 * @param user the user, or null to let the driver choose
 * @param password null if the driver finds it, or if there is none
 * @param driver the jar of a driver, or null for an included one
 */
public record DatabaseLogin(
        String url,
        @Nullable String user,
        @Nullable String password,
        @Nullable Path driver) {
    private static final Pattern USER_PARAMETER = Pattern.compile("[?&]user=([^&#]*)");
    private static final Pattern USER_AT = Pattern.compile("^(jdbc:\\w+://)([^/?#]*)@");

    /**
     * Moves the user from the URL to {@code user} if PostgreSQL's driver does not support it there.
     *
     * @throws Failure if the URL contains a secret
     */
    public DatabaseLogin {
        DatabaseUrl.refuseSecrets(url);
        Matcher matcher = USER_AT.matcher(url);
        if (matcher.find()) {
            user = user == null ? DatabaseUrl.decoded(matcher.group(2)) : user;
            url = matcher.replaceFirst("$1");
        }
    }

    public boolean isSqlite() {
        return url.startsWith("jdbc:sqlite:");
    }

    private boolean isPostgres() {
        return url.startsWith("jdbc:postgresql:");
    }

    /** Database and user, without secrets, in a form that a user can use again. */
    public String displayName() {
        String address = url.replaceFirst("[?;].*", "").replaceFirst("^jdbc:(?=sqlite:|postgresql:)", "");
        String name = user == null && isPostgres() ? userOfPostgres() : user;
        return name == null || name.isEmpty() || !address.contains("://")
                ? address
                : address.replaceFirst("://", "://" + Matcher.quoteReplacement(encoded(name)) + "@");
    }

    private String userOfPostgres() {
        Matcher named = USER_PARAMETER.matcher(url);
        return named.find() ? DatabaseUrl.decoded(named.group(1)) : System.getProperty("user.name", "");
    }

    /** Percent-encodes a text for a URL. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What the user should know about the protection of the connection. */
    public Optional<String> warning() {
        return isPostgres() ? PostgresTransport.of(url).warning() : Optional.empty();
    }

    /** Opens a connection; the caller closes it. */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        if (isPostgres()) {
            if (password == null) {
                PasswordFile.requireRegularPgpass(System.getenv());
            }
            PostgresTransport transport = PostgresTransport.of(url);
            transport.protect(properties);
            try {
                return connected(properties);
            } catch (SQLException e) {
                throw transport.refusal(e).orElseThrow(() -> e);
            }
        }
        if (isSqlite()) {
            SqliteFile.named(url).requireRegular();
            return checked(connected(properties));
        }
        return connected(properties);
    }

    private Connection connected(Properties properties) throws SQLException {
        Driver chosen = driverOf(url);
        Connection connection = driver == null
                ? chosen.connect(url, withOurs(properties))
                : DriverTimeouts.connect(chosen, url, withOurs(properties));
        if (connection == null) {
            throw unknown();
        }
        return connection;
    }

    private Connection checked(Connection connection) throws SQLException {
        try {
            SqliteFile.named(url).require(connection);
            return connection;
        } catch (SQLException | Failure e) {
            connection.close();
            throw e;
        }
    }

    /** Parameters of the URL override these. */
    private Properties withOurs(Properties properties) {
        if (isPostgres()) {
            properties.setProperty("ApplicationName", "kstage");
            properties.setProperty("connectTimeout", "10");
            // Longer than any lock timeout. Without it, the driver would wait forever after a network failure.
            properties.setProperty("socketTimeout", "60");
            properties.setProperty("tcpKeepAlive", "true");
        } else if (isSqlite()) {
            properties.setProperty("busy_timeout", "10000");
        }
        return properties;
    }

    private Driver driverOf(String address) throws SQLException {
        if (driver != null) {
            return fromFile(driver, address);
        }
        if (address.startsWith("jdbc:postgresql:")) {
            return new org.postgresql.Driver();
        }
        if (isSqlite()) {
            SqliteLibrary.load();
            return new org.sqlite.JDBC();
        }
        throw unknown();
    }

    private static Driver fromFile(Path file, String address) throws SQLException {
        if (!Files.isRegularFile(file)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "there is no driver " + file,
                    "--driver must name the jar of a JDBC driver",
                    "download the driver of your database, and name that file");
        }
        try {
            URL[] jar = {file.toUri().toURL()};
            // Stays open: the driver loads classes from it as long as this process lives.
            ClassLoader loader = new URLClassLoader(jar, DatabaseLogin.class.getClassLoader());
            Iterator<Driver> drivers = ServiceLoader.load(Driver.class, loader).iterator();
            while (drivers.hasNext()) {
                Driver found = drivers.next();
                if (found.acceptsURL(address)) {
                    return found;
                }
            }
        } catch (MalformedURLException | ServiceConfigurationError e) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot load the driver " + file,
                    String.valueOf(e.getMessage()),
                    "name a JDBC driver that runs on Java " + Runtime.version().feature(),
                    e);
        }
        throw new Failure(
                Failure.Kind.USAGE,
                "there is no driver in " + file + " for " + scheme(address),
                "none of its java.sql.Driver classes accepts the URL",
                "see the URL format in the documentation of the driver");
    }

    private Failure unknown() {
        return new Failure(
                Failure.Kind.USAGE,
                "there is no driver for " + scheme(url),
                "kstage includes the drivers of PostgreSQL and SQLite only",
                "name the jar of the driver: --driver FILE");
    }

    private static String scheme(String address) {
        return address.replaceFirst("^(jdbc:[^:/]*).*", "$1");
    }

    /** Without the password. */
    @Override
    public String toString() {
        return displayName();
    }
}
