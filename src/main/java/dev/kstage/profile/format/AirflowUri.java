package dev.kstage.profile.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URI as Airflow 3 parses it, with Python's {@code urlsplit}, {@code unquote} and {@code parse_qsl}. No part has to
 * be valid, percent-encodings are UTF-8, and a plus in the query is a space.
 *
 * @param type the scheme, with underscores instead of hyphens
 * @param host decoded; with the port if there are several hosts
 * @param port digits, or empty
 * @param hasLogin whether a user or a password is before the host
 * @param query the parameters, decoded; of parameters with the same name, the last one counts
 */
record AirflowUri(String type, String host, String port, boolean hasLogin, Map<String, String> query) {
    // Possessive quantifiers, and line breaks allowed, so that there is no backtracking.
    private static final Pattern PARTS = Pattern.compile(
            "([A-Za-z][A-Za-z0-9+._-]*+)://(?:[a-zA-Z][a-zA-Z0-9+._-]*+://)?([^/?#]*+)([^?#]*+)(?:\\?([^#]*+))?(?:#.*)?",
            Pattern.DOTALL);
    private static final Pattern HOST = Pattern.compile("(\\[[^]]*+]|[^:,]*+)(?::(\\d*+))?");

    /** Returns null for what Airflow calls an invalid connection string. */
    static @Nullable AirflowUri parse(String text) {
        // urlsplit removes these characters everywhere.
        Matcher parts = PARTS.matcher(text.replaceAll("[\\t\\r\\n]", ""));
        if (!parts.matches() || isAmbiguous(text)) {
            return null;
        }
        String authority = parts.group(2);
        int at = authority.lastIndexOf('@');
        String hosts = authority.substring(at + 1);
        Matcher one = HOST.matcher(hosts);
        boolean isOne = one.matches();
        String port = isOne && one.group(2) != null ? one.group(2) : "";
        return new AirflowUri(
                parts.group(1).toLowerCase(Locale.ROOT).replace('-', '_'),
                decoded(isOne ? one.group(1) : hosts, false),
                port,
                at >= 0 && !authority.substring(0, at).replace(":", "").isEmpty(),
                query(parts.group(4) == null ? "" : parts.group(4)));
    }

    /** Airflow treats a second {@code ://} as a host with a protocol, and does not support a third. */
    private static boolean isAmbiguous(String text) {
        String[] around = text.split("://", -1);
        return around.length > 3 || (around.length == 3 && (around[1].contains("@") || around[1].contains(":")));
    }

    private static Map<String, String> query(String query) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                values.put(
                        decoded(equals < 0 ? pair : pair.substring(0, equals), true),
                        equals < 0 ? "" : decoded(pair.substring(equals + 1), true));
            }
        }
        return values;
    }

    /** Decodes a text. A percent sign without an encoding stays, as in Python, but unlike Java's decoder. */
    private static String decoded(String text, boolean plusIsSpace) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int at = 0; at < bytes.length; at++) {
            int high = bytes[at] == '%' && at + 2 < bytes.length ? Character.digit(bytes[at + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(bytes[at + 2], 16) : -1;
            if (low >= 0) {
                decoded.write(high << 4 | low);
                at += 2;
            } else {
                decoded.write(plusIsSpace && bytes[at] == '+' ? ' ' : bytes[at]);
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }
}
