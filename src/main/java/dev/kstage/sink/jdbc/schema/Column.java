package dev.kstage.sink.jdbc.schema;

import dev.kstage.report.Failure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table that is filled from a field of each value.
 *
 * @param name the name of the column and of the field of the JSON object
 * @param type the type of the column
 * @param epoch the unit of times that are numbers; null if only ISO 8601 texts are times
 */
public record Column(String name, Type type, @Nullable Epoch epoch) {
    /** The types of columns. A field that is absent or {@code null} is stored as null. */
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

    /** The unit of a time that is a number since 1970 UTC. */
    public enum Epoch {
        S,
        MS,
        US;

        private static @Nullable Epoch of(String text) {
            for (Epoch each : values()) {
                if (each.toString().equalsIgnoreCase(text.strip())) {
                    return each;
                }
            }
            return null;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int LONGEST_SHOWN = 80;
    private static final Map<String, String> OTHER_NAMES = Map.of(
            "integer", "int",
            "bool", "boolean",
            "decimal", "numeric",
            "double precision", "double",
            "varchar", "text");

    /** A column without a unit for numbers. */
    public Column(String name, Type type) {
        this(name, type, null);
    }

    /**
     * Parses {@code user_id bigint, at timestamptz(ms)}; a name with other characters is in double quotes.
     *
     * @throws Failure if the list is not valid
     */
    public static List<Column> list(String text) {
        List<Column> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String part : parts(text)) {
            Column column = one(part);
            if (MetadataColumns.has(column.name())) {
                throw wrong("kstage itself creates a column " + column.name().toLowerCase(Locale.ROOT));
            }
            if (!names.add(column.name().toLowerCase(Locale.ROOT))) {
                throw wrong("column " + start(column.name()) + " is named twice");
            }
            columns.add(column);
        }
        return List.copyOf(columns);
    }

    /** Splits a text at commas that are neither in a name nor in parentheses. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        boolean isInQuotes = false;
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            isInQuotes = isInQuotes != (c == '"');
            if (!isInQuotes) {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                if (c == ',' && depth <= 0) {
                    parts.add(text.substring(start, i).strip());
                    start = i + 1;
                }
            }
        }
        parts.add(text.substring(start).strip());
        return parts;
    }

    private static Column one(String part) {
        boolean isQuoted = part.startsWith("\"");
        int end = isQuoted ? TableName.closingQuote(part, 0) + 1 : indexOfSpace(part);
        String name = end <= 0 ? "" : part.substring(0, end);
        String type = part.substring(Math.max(end, 0)).strip().replaceAll("\\s+", " ");
        boolean isParted = end > 0 && end < part.length() && Character.isWhitespace(part.charAt(end));
        if (isQuoted && name.length() > 2) {
            name = name.substring(1, name.length() - 1).replace("\"\"", "\"");
        } else if (name.indexOf('"') >= 0) {
            name = "";
        }
        int open = type.indexOf('(');
        Type known = typeOf(open < 0 ? type : type.substring(0, open).strip());
        Epoch epoch = open < 0 || !type.endsWith(")") ? null : Epoch.of(type.substring(open + 1, type.length() - 1));
        boolean isTime = known == Type.TIMESTAMPTZ || known == Type.TIMESTAMP;
        if (name.isEmpty() || !isParted || known == null || (open >= 0 && (epoch == null || !isTime))) {
            throw wrong("'" + start(part) + "' is not a name and one of the types text, int, bigint, numeric, double,"
                    + " boolean, timestamptz, timestamp, date, json");
        }
        return new Column(name, known, epoch);
    }

    private static String start(String text) {
        return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text;
    }

    private static int indexOfSpace(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isWhitespace(text.charAt(i))) {
                return i;
            }
        }
        return -1;
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
                "name top-level fields of the values with their types: --columns 'user_id bigint, amount numeric';"
                        + " times given as numbers need a unit: 'at timestamptz(ms)'");
    }
}
