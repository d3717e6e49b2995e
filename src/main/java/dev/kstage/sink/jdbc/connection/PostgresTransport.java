package dev.kstage.sink.jdbc.connection;

import dev.kstage.report.Failure;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * The encryption of a connection to PostgreSQL. A password in clear text is sent only over TLS or on this machine.
 *
 * @param hosts hosts of the URL that are not loopback
 * @param isEncrypted whether the driver requires TLS
 * @param allowsClearText whether the URL allows a password in clear text
 */
record PostgresTransport(List<String> hosts, boolean isEncrypted, boolean allowsClearText) {
    private static final String REQUIRE_AUTH = "requireAuth";

    static PostgresTransport of(String url) {
        Properties parsed = Driver.parseURL(url, new Properties());
        if (parsed == null) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use the database URL",
                    "the PostgreSQL driver rejects it",
                    "write postgresql://USER@HOST:PORT/DATABASE");
        }
        String mode = parsed.getProperty("sslmode", "").toLowerCase(Locale.ROOT);
        String ssl = parsed.getProperty("ssl", "false");
        boolean isEncrypted = mode.isEmpty()
                ? ssl.isEmpty() || ssl.equalsIgnoreCase("true")
                : List.of("require", "verify-ca", "verify-full").contains(mode);
        List<String> methods = List.of(parsed.getProperty(REQUIRE_AUTH, "!password")
                .toLowerCase(Locale.ROOT)
                .replace(" ", "")
                .split(",", -1));
        boolean isExclusion = methods.stream().anyMatch(each -> each.startsWith("!"));
        return new PostgresTransport(
                Arrays.stream(parsed.getProperty("PGHOST", "localhost").split(",", -1))
                        .filter(host -> !isLoopback(host))
                        .toList(),
                isEncrypted,
                isExclusion ? !methods.contains("!password") : methods.contains("password"));
    }

    private static boolean isLoopback(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            // A host that can't be resolved can't be reached either.
            return false;
        }
    }

    private boolean isOpen() {
        return !hosts.isEmpty() && !isEncrypted;
    }

    /** A warning for the user, if the connection may be unencrypted. */
    Optional<String> warning() {
        return isOpen()
                ? Optional.of("the connection to " + String.join(", ", hosts) + " may not be encrypted: add"
                        + " ?sslmode=verify-full to the database URL (sslmode=require encrypts, but does not verify"
                        + " the server)")
                : Optional.empty();
    }

    /**
     * Prevents the driver from sending the password in clear text.
     *
     * @throws Failure if the URL asks for it
     */
    void protect(Properties properties) {
        if (isOpen() && allowsClearText) {
            throw clearText(REQUIRE_AUTH + " in the URL allows a password in clear text", null);
        }
        if (isOpen()) {
            properties.setProperty(REQUIRE_AUTH, "!password");
        }
    }

    /** The failure if the server asked for the password in clear text. */
    Optional<Failure> refusal(SQLException e) {
        boolean isOurs = isOpen() && String.valueOf(e.getMessage()).contains(REQUIRE_AUTH);
        return isOurs
                ? Optional.of(clearText(
                        "the server asks for the password in clear text, or in a way that " + REQUIRE_AUTH
                                + " of the URL does not allow",
                        e))
                : Optional.empty();
    }

    private Failure clearText(String why, @org.jspecify.annotations.Nullable SQLException cause) {
        String what = "cannot log in to " + String.join(", ", hosts) + " without encryption";
        String remedy = "add ?sslmode=verify-full to the database URL, or set the server's authentication method to"
                + " scram-sha-256";
        return cause == null
                ? new Failure(Failure.Kind.USAGE, what, why, remedy)
                : new Failure(Failure.Kind.USAGE, what, why, remedy, cause);
    }
}
