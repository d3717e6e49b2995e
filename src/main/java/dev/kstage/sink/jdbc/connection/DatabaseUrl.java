package dev.kstage.sink.jdbc.connection;

import dev.kstage.report.Failure;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rejects URLs of databases that contain a secret, for all drivers. */
public final class DatabaseUrl {
    private static final Pattern PARAMETER = Pattern.compile("(?<=[?&;:,(\\s])([\\w.-]+)\\s*=");
    private static final Pattern SECRET =
            Pattern.compile(".*(password|passwd|passphrase|pwd|secret|key|token)", Pattern.CASE_INSENSITIVE);
    /** Parameters of PostgreSQL and SQL Server that name a key file, and are no secret. */
    private static final Set<String> FILES = Set.of("sslkey", "clientkey");
    /** Drivers that open files; an @ in a file name has no meaning. */
    private static final Pattern FILE_DRIVER = Pattern.compile("jdbc:(sqlite|h2|hsqldb|derby|duckdb):.*");

    private static final Pattern PORTS = Pattern.compile("[^:]*|.*:\\d+(?=[/,?;]|$).*");

    private DatabaseUrl() {}

    /**
     * Rejects a URL with a secret; the message does not contain the secret.
     *
     * @throws Failure if the URL has a user with a password, or a parameter whose name indicates a secret
     */
    public static void refuseSecrets(String url) {
        if (hasPasswordOfUser(url)) {
            throw refused("the database URL contains a password", "a password follows the user name");
        }
        refuseParameters(url);
        // A driver may also decode names.
        refuseParameters(decoded(url));
    }

    private static void refuseParameters(String url) {
        Matcher parameter = PARAMETER.matcher(url);
        while (parameter.find()) {
            String name = parameter.group(1);
            if (SECRET.matcher(name).matches() && !FILES.contains(name.toLowerCase(Locale.ROOT))) {
                throw refused(
                        "the database URL contains a password or another secret",
                        "its parameter " + name + " looks like one");
            }
        }
    }

    private static Failure refused(String what, String why) {
        return new Failure(
                Failure.Kind.USAGE,
                what,
                why + ", and every user of this machine can read the arguments of a process",
                "remove it from the URL; put the password into the environment variable KSTAGE_DB_PASSWORD or into a"
                        + " file for --password-file, and other secrets where the driver looks for them; then change"
                        + " the secret, because others may have seen it");
    }

    /** Whether {@code user:password@} or, for Oracle, {@code user/password@} is before a host. */
    private static boolean hasPasswordOfUser(String url) {
        int slashes = url.indexOf("//");
        boolean isOracle = url.toLowerCase(Locale.ROOT).startsWith("jdbc:oracle:");
        if (isOracle) {
            String[] parts = url.split(":", 4);
            String login = parts.length < 4 ? "" : parts[3];
            int at = login.lastIndexOf('@');
            String before = at < 0 ? "" : login.substring(0, at);
            return before.length() > 1 && (before.indexOf('/') >= 0 || before.indexOf(':') >= 0);
        }
        if (FILE_DRIVER.matcher(url.toLowerCase(Locale.ROOT)).matches()) {
            return false;
        }
        String rest = slashes >= 0 ? url.substring(slashes + 2) : url.replaceFirst("^jdbc:[^:]*:", "");
        int at = rest.indexOf('@');
        if (at < 0) {
            return false;
        }
        String before = rest.substring(0, at);
        int query = indexOfQuery(before);
        if (query >= 0 && before.indexOf('=', query) > 0) {
            // user=me@corp is a parameter, and the text before it is host and port.
            return !PORTS.matcher(before.substring(0, query)).matches();
        }
        boolean hasSlash = slashes < 0 && before.indexOf('/') >= 0;
        return hasSlash || before.indexOf(':') >= 0;
    }

    private static int indexOfQuery(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '?' || text.charAt(i) == ';') {
                return i;
            }
        }
        return -1;
    }

    /** The decoded text; unchanged if it is not encoded. */
    static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
