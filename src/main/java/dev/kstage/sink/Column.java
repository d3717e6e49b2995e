package dev.kstage.sink;

import dev.kstage.report.Failure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table that is filled from a field of each value.
 *
 * @param name of the column, and of the field of the JSON object
 * @param type what the field must be
 */
public record Column(String name, Type type) {
    /** What a field can be stored as. A field that is absent or {@code null} is stored as null. */
    public enum Type {
        TEXT,
        INT,
        BIGINT,
        NUMERIC,
        DOUBLE,
        BOOLEAN,
        TIMESTAMPTZ,
        TIMESTAMP,
        DATE,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Pattern ONE =
            Pattern.compile("(?:\"(.+)\"|([^\\s\"]+))\\s+(\\w+(?: precision)?)", Pattern.DOTALL);
    private static final int LONGEST_SHOWN = 80;
    private static final Map<String, String> OTHER_NAMES = Map.of(
            "integer", "int",
            "bool", "boolean",
            "decimal", "numeric",
            "double precision", "double",
            "varchar", "text");

    /**
     * Reads {@code user_id bigint, event_type text}; a name with other characters stands in double quotes.
     *
     * @throws Failure if it is not such a list
     */
    public static List<Column> list(String text) {
        List<Column> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String part : parts(text)) {
            Matcher matcher = ONE.matcher(part.strip());
            Type type = matcher.matches() && isDoubled(matcher.group(1)) ? typeOf(matcher.group(3)) : null;
            if (type == null) {
                throw wrong(
                        "'" + start(part.strip()) + "' is not a name and one of the types text, int, bigint, numeric,"
                                + " double, boolean, timestamptz, timestamp, date, json");
            }
            String quoted = matcher.group(1);
            String name = quoted == null ? matcher.group(2) : quoted.replace("\"\"", "\"");
            if (OwnColumns.has(name)) {
                throw wrong("every table has a column " + name.toLowerCase(Locale.ROOT) + " already");
            }
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw wrong("column " + start(name) + " is there twice");
            }
            columns.add(new Column(name, type));
        }
        return List.copyOf(columns);
    }

    /** What stands between commas outside quotes. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        boolean isQuoted = false;
        int start = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            isQuoted ^= c == '"';
            if (c == ',' && !isQuoted) {
                parts.add(text.substring(start, at));
                start = at + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    /** Whether each quote within a quoted name is doubled. */
    private static boolean isDoubled(@Nullable String quoted) {
        return quoted == null || !quoted.replace("\"\"", "").contains("\"");
    }

    private static String start(String text) {
        return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text;
    }

    private static @Nullable Type typeOf(String word) {
        String name = word.toLowerCase(Locale.ROOT);
        name = OTHER_NAMES.getOrDefault(name, name);
        for (Type type : Type.values()) {
            if (type.toString().equals(name)) {
                return type;
            }
        }
        return null;
    }

    private static Failure wrong(String why) {
        return new Failure(
                Failure.Kind.USAGE,
                "cannot use --columns",
                why,
                "name top-level fields of the values with their types: --columns 'user_id bigint, amount numeric'");
    }
}
