package dev.kstage.sink.jdbc.schema;

import dev.kstage.report.Failure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The name of a table: {@code NAME} or {@code SCHEMA.NAME}. A name in double quotes can have any characters, even a
 * dot.
 *
 * @param schema null for the default schema of the database
 */
public record TableName(@Nullable String schema, String name) {
    private static final String SIBLING = "_dead_letter";

    /** A table of the default schema; the name can have any characters. */
    public static TableName of(String name) {
        return new TableName(null, name);
    }

    /**
     * Parses a name that a user wrote.
     *
     * @param option the option, for messages
     * @throws Failure if it is not one name or two
     */
    public static TableName parse(String option, String text) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        while (true) {
            boolean isQuoted = text.startsWith("\"", at);
            int end = isQuoted ? closingQuote(text, at) : text.indexOf('.', at);
            if (isQuoted && end < 0) {
                throw wrong(option, text, "it has a double quote without a closing one");
            }
            end = end < 0 ? text.length() : isQuoted ? end + 1 : end;
            String part = text.substring(at, end);
            parts.add(isQuoted ? part.substring(1, part.length() - 1).replace("\"\"", "\"") : part);
            if (parts.get(parts.size() - 1).isEmpty() || (!isQuoted && part.indexOf('"') >= 0)) {
                throw wrong(option, text, "one of its names is empty, or contains a double quote");
            }
            if (end == text.length()) {
                break;
            }
            if (text.charAt(end) != '.') {
                throw wrong(option, text, "only a dot may follow a name in double quotes");
            }
            at = end + 1;
        }
        if (parts.size() > 2) {
            throw wrong(option, text, "it has " + parts.size() + " names; only a schema and a table name are allowed");
        }
        return parts.size() == 1 ? of(parts.get(0)) : new TableName(parts.get(0), parts.get(1));
    }

    /** The index of the quote that closes the one at {@code start}; two quotes mean one in the name. */
    static int closingQuote(String text, int start) {
        for (int i = start + 1; i < text.length(); i++) {
            if (text.charAt(i) == '"') {
                if (!text.startsWith("\"", i + 1)) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }

    private static Failure wrong(String option, String text, String why) {
        return new Failure(
                Failure.Kind.USAGE,
                "cannot use " + option + " " + text,
                why,
                "write NAME or SCHEMA.NAME; write a name with a dot in double quotes: " + option + " '\"a.b\"'");
    }

    /** The default name of the dead-letter table. */
    public TableName deadLetters() {
        return new TableName(schema, name + SIBLING);
    }

    /** Another table in the same schema. */
    public TableName beside(String other) {
        return new TableName(schema, other);
    }

    /** The name without its schema if that is {@code defaultSchema}. */
    public TableName normal(@Nullable String defaultSchema) {
        return schema != null && schema.equals(defaultSchema) ? of(name) : this;
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        return (schema == null ? "" : shown(schema) + ".") + shown(name);
    }

    private static String shown(String part) {
        return part.indexOf('.') < 0 && part.indexOf('"') < 0 ? part : '"' + part.replace("\"", "\"\"") + '"';
    }
}
