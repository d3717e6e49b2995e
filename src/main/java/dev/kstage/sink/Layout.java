package dev.kstage.sink;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The tables of one sink, and the statements that make and fill them.
 *
 * @param quote what stands around names
 * @param topic whose records they hold
 * @param table the results
 * @param deadLetters the dead letters
 * @param columns those of the results that the user asked for
 */
record Layout(Dialect dialect, String quote, String topic, String table, String deadLetters, List<Column> columns) {
    static final String SINKS = "kstage_sink";
    static final String POSITIONS = "kstage_position";

    String quoted(String name) {
        return quote + name.replace(quote, quote + quote) + quote;
    }

    /** The columns of the results with their types. */
    Map<String, String> resultColumns() {
        Map<String, String> types = types("topic", Dialect.Kind.NAME, "partition", Dialect.Kind.INT);
        types.putAll(types("offset", Dialect.Kind.BIGINT, "timestamp", Dialect.Kind.TIME));
        types.putAll(types("key", Dialect.Kind.TEXT, "value", Dialect.Kind.VALUE));
        columns.forEach(column -> types.put(column.name(), dialect.type(column.type())));
        return types;
    }

    private Map<String, String> deadLetterColumns() {
        Map<String, String> types = types("topic", Dialect.Kind.NAME, "partition", Dialect.Kind.INT);
        types.putAll(types("offset", Dialect.Kind.BIGINT, "timestamp", Dialect.Kind.TIME));
        types.putAll(types("reason", Dialect.Kind.TEXT, "key", Dialect.Kind.BYTES));
        types.putAll(types("value", Dialect.Kind.BYTES, "headers", Dialect.Kind.TEXT));
        return types;
    }

    private Map<String, String> types(String one, Dialect.Kind ofOne, String other, Dialect.Kind ofOther) {
        Map<String, String> types = new LinkedHashMap<>();
        types.put(one, dialect.type(ofOne));
        types.put(other, dialect.type(ofOther));
        return types;
    }

    String createSinks() {
        String name = dialect.type(Dialect.Kind.NAME);
        return "CREATE TABLE " + quoted(SINKS) + " (sink " + name + " NOT NULL PRIMARY KEY, sink_id " + name
                + " NOT NULL, consumer_group " + name + " NOT NULL, topic " + name + ", topic_id " + name
                + ", partitions int, dead_letter " + name + " NOT NULL)";
    }

    String createPositions() {
        String name = dialect.type(Dialect.Kind.NAME);
        return "CREATE TABLE " + quoted(POSITIONS) + " (sink " + name + " NOT NULL, topic " + name
                + " NOT NULL, topic_id " + name + " NOT NULL, " + quoted("partition")
                + " int NOT NULL, next_offset bigint, leader_epoch int, owner_epoch bigint NOT NULL, owner " + name
                + ", PRIMARY KEY (sink, topic, " + quoted("partition") + "))";
    }

    String createResults() {
        return create(table, resultColumns());
    }

    String createDeadLetters() {
        return create(deadLetters, deadLetterColumns());
    }

    private String create(String name, Map<String, String> types) {
        String key = quoted("topic") + ", " + quoted("partition") + ", " + quoted("offset");
        List<String> definitions = new ArrayList<>();
        types.forEach((column, type) ->
                definitions.add(quoted(column) + " " + type + (key.contains(quoted(column)) ? " NOT NULL" : "")));
        return "CREATE TABLE " + quoted(name) + " (" + String.join(", ", definitions) + ", PRIMARY KEY (" + key + "))";
    }

    String insert() {
        return insert(table, resultColumns());
    }

    String insertDeadLetter() {
        return insert(deadLetters, deadLetterColumns());
    }

    String copy() {
        return "COPY " + quoted(table) + " (" + names(resultColumns()) + ") FROM STDIN";
    }

    private String insert(String name, Map<String, String> types) {
        String places = types.keySet().stream()
                // A text that is given as bytes stays byte for byte what it was.
                .map(column -> dialect instanceof SqliteDialect && name.equals(table) && column.equals("value")
                        ? "CAST(? AS TEXT)"
                        : "?")
                .collect(Collectors.joining(", "));
        return "INSERT INTO " + quoted(name) + " (" + names(types) + ") VALUES (" + places + ")";
    }

    private String names(Map<String, String> types) {
        return types.keySet().stream().map(this::quoted).collect(Collectors.joining(", "));
    }
}
