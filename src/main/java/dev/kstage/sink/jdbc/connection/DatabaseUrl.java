package dev.kstage.sink.jdbc.connection;

import dev.kstage.report.Failure;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What may stand in the URL of a database: no secret, whoever's driver it is for. */
public final class DatabaseUrl {
    private static final Pattern PARAMETER = Pattern.compile("(?<=[?&;:,(\\s])([\\w.-]+)\\s*=");
    private static final Pattern SECRET =
            Pattern.compile(".*(password|passwd|passphrase|pwd|secret|key|token)", Pattern.CASE_INSENSITIVE);
    /** Parameters of PostgreSQL and SQL Server that name the file of a key. */
    private static final Set<String> FILES = Set.of("sslkey", "clientkey");
    /** Drivers that open files, in whose paths an at sign means nothing. */
    private static final Pattern FILE_DRIVER = Pattern.compile("jdbc:(sqlite|h2|hsqldb|derby|duckdb):.*");

    private static final Pattern PORTS = Pattern.compile("[^:]*|.*:\\d+(?=[/,?;]|$).*");

    private DatabaseUrl() {}

    /**
     * Refuses a URL with a secret in it; the message has nothing of its value.
     *
     * @throws Failure if a user stands there with a password, or a parameter whose name says that it is a secret
     */
    public static void refuseSecrets(String url) {
        if (hasPasswordOfUser(url)) {
            throw refused("the database URL contains a password", "a password follows the user name");
        }
        refuseParameters(url);
        // A driver may decode names, too.
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

    /** Whether {@code user:password@} or, as Oracle has it, {@code user/password@} stands before a host. */
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
            // user=me@corp is a parameter, and what is before it is host and port.
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

    /** As it stands where it is no encoding. */
    static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
