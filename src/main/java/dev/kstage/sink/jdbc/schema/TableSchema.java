package dev.kstage.sink.jdbc.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The tables of one sink, and the statements that create and fill them.
 *
 * @param quote the quote character for names
 * @param topic the topic of the records
 * @param table the results
 * @param deadLetters the dead-letter records
 * @param columns the user's columns of the results
 */
public record TableSchema(
        Dialect dialect, String quote, String topic, TableName table, TableName deadLetters, List<Column> columns) {
    public static final String SINKS = "kstage_sink";
    public static final String POSITIONS = "kstage_position";

    public String quoted(String name) {
        return DatabaseCatalog.quoted(quote, name);
    }

    public String quoted(TableName name) {
        return DatabaseCatalog.quoted(quote, name);
    }

    /** The table of sinks, in the schema of the results, quoted for a statement. */
    public String sinks() {
        return quoted(table.beside(SINKS));
    }

    /** The table of offsets, in the schema of the results, quoted for a statement. */
    public String positions() {
        return quoted(table.beside(POSITIONS));
    }

    /** The columns of the results with their types. */
    public Map<String, String> resultColumns() {
        Map<String, String> types =
                types(MetadataColumns.TOPIC, Dialect.Kind.NAME, MetadataColumns.PARTITION, Dialect.Kind.INT);
        types.putAll(types(MetadataColumns.OFFSET, Dialect.Kind.BIGINT, MetadataColumns.TIMESTAMP, Dialect.Kind.TIME));
        types.putAll(types(MetadataColumns.KEY, Dialect.Kind.TEXT, MetadataColumns.VALUE, Dialect.Kind.VALUE));
        columns.forEach(column -> types.put(column.name(), dialect.type(column.type())));
        return types;
    }

    /** The columns of the dead-letter table with their types. */
    public Map<String, String> deadLetterColumns() {
        Map<String, String> types =
                types(MetadataColumns.TOPIC, Dialect.Kind.NAME, MetadataColumns.PARTITION, Dialect.Kind.INT);
        types.putAll(types(MetadataColumns.OFFSET, Dialect.Kind.BIGINT, MetadataColumns.TIMESTAMP, Dialect.Kind.TIME));
        types.putAll(types(MetadataColumns.REASON, Dialect.Kind.TEXT, MetadataColumns.KEY, Dialect.Kind.BYTES));
        types.putAll(types(MetadataColumns.VALUE, Dialect.Kind.BYTES, MetadataColumns.HEADERS, Dialect.Kind.TEXT));
        return types;
    }

    private Map<String, String> types(String one, Dialect.Kind ofOne, String other, Dialect.Kind ofOther) {
        Map<String, String> types = new LinkedHashMap<>();
        types.put(one, dialect.type(ofOne));
        types.put(other, dialect.type(ofOther));
        return types;
    }

    public String createSinks() {
        String name = dialect.type(Dialect.Kind.NAME);
        return "CREATE TABLE " + sinks() + " (sink " + name + " NOT NULL PRIMARY KEY, sink_id " + name
                + " NOT NULL, consumer_group " + name + " NOT NULL, topic " + name + ", topic_id " + name
                + ", partitions int, dead_letter " + name + " NOT NULL)";
    }

    public String createPositions() {
        String name = dialect.type(Dialect.Kind.NAME);
        return "CREATE TABLE " + positions() + " (sink " + name + " NOT NULL, topic " + name
                + " NOT NULL, topic_id " + name + " NOT NULL, " + quoted("partition")
                + " int NOT NULL, next_offset bigint, leader_epoch int, owner_epoch bigint NOT NULL, owner " + name
                + ", PRIMARY KEY (sink, topic, " + quoted("partition") + "))";
    }

    public String createResults() {
        return create(table, resultColumns());
    }

    public String createDeadLetters() {
        return create(deadLetters, deadLetterColumns());
    }

    private String create(TableName name, Map<String, String> types) {
        String key = quoted(MetadataColumns.TOPIC) + ", " + quoted(MetadataColumns.PARTITION) + ", "
                + quoted(MetadataColumns.OFFSET);
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

    private String insert(TableName name, Map<String, String> types) {
        String placeholders = types.keySet().stream()
                // A text given as bytes stays unchanged, byte for byte.
                .map(column ->
                        dialect instanceof SqliteDialect && name.equals(table) && column.equals(MetadataColumns.VALUE)
                                ? "CAST(? AS TEXT)"
                                : "?")
                .collect(Collectors.joining(", "));
        return "INSERT INTO " + quoted(name) + " (" + names(types) + ") VALUES (" + placeholders + ")";
    }

    private String names(Map<String, String> types) {
        return types.keySet().stream().map(this::quoted).collect(Collectors.joining(", "));
    }
}
