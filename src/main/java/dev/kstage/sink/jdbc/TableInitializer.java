package dev.kstage.sink.jdbc;

import dev.kstage.record.Origin;
import dev.kstage.report.Failure;
import dev.kstage.sink.jdbc.schema.Column;
import dev.kstage.sink.jdbc.schema.DatabaseCatalog;
import dev.kstage.sink.jdbc.schema.MetadataColumns;
import dev.kstage.sink.jdbc.schema.TableName;
import dev.kstage.sink.jdbc.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Creates the tables of a sink, or checks existing ones.
 *
 * @param layout with the dead-letter table that the user wants, or the default
 * @param database for messages
 */
public record TableInitializer(Connection connection, TableSchema layout, String database) {
    /** The row of a sink in {@code kstage_sink}. */
    record Sink(String id, String group, TableName deadLetters) {}

    /** The dead-letter table as such a row stores it: a name without a schema means the schema of the results. */
    public static TableName deadLetters(TableName table, String stored, @Nullable String defaultSchema) {
        try {
            TableName read = TableName.parse("dead_letter", stored);
            return read.schema() == null ? table.beside(read.name()) : read.normal(defaultSchema);
        } catch (Failure e) {
            // Earlier versions stored every name unquoted.
            return table.beside(stored);
        }
    }

    /**
     * @param group the consumer group that the user named, or null
     * @param isDeadLetterGiven whether the user named the dead-letter table
     * @param beforeCreation may reject tables before they are created
     * @throws Failure if a table belongs to another sink, or has changed
     */
    Sink find(@Nullable String group, boolean isDeadLetterGiven, Runnable beforeCreation) throws SQLException {
        refuseNames();
        layout.dialect().lockCreation(connection);
        createUnlessThere(layout.table().beside(TableSchema.SINKS), layout.createSinks());
        createUnlessThere(layout.table().beside(TableSchema.POSITIONS), layout.createPositions());
        Sink sink = stored();
        if (sink == null) {
            beforeCreation.run();
            return create(group);
        }
        if (group != null && !group.equals(sink.group())) {
            throw refused(
                    "table " + layout.table() + " belongs to group " + sink.group(),
                    "a table keeps its first consumer group, and this run uses " + group,
                    "leave out --group, or store in another --table");
        }
        if (!isDeadLetterGiven && !layout.deadLetters().equals(sink.deadLetters())) {
            throw refused(
                    "table " + layout.table() + " has its dead-letter records in " + sink.deadLetters(),
                    "anyone who can write to kstage_sink could have changed that name, so kstage does not use"
                            + " it unconfirmed",
                    "confirm the table: --dead-letter " + sink.deadLetters());
        }
        if (isDeadLetterGiven && !layout.deadLetters().equals(sink.deadLetters())) {
            throw refused(
                    "the dead-letter records of table " + layout.table() + " are in " + sink.deadLetters(),
                    "a table keeps its first dead-letter table, and this run names " + layout.deadLetters(),
                    "leave out --dead-letter, or store in another --table");
        }
        refuseWhatWasChanged();
        return sink;
    }

    private void refuseNames() throws SQLException {
        DatabaseMetaData data = connection.getMetaData();
        for (TableName table : List.of(layout.table(), layout.deadLetters())) {
            catalog().requireSchema(table, database);
            refuseLongName("table", table.name(), data.getMaxTableNameLength(), "--table and --dead-letter");
        }
        for (Column column : layout.columns()) {
            refuseLongName("column", column.name(), data.getMaxColumnNameLength(), "--columns");
        }
        boolean isOne = Objects.equals(
                        layout.table().schema(), layout.deadLetters().schema())
                && layout.dialect()
                        .isSameName(layout.table().name(), layout.deadLetters().name());
        if (isOne
                || layout.table().name().startsWith("kstage_")
                || layout.deadLetters().name().startsWith("kstage_")) {
            throw refused(
                    "cannot store in table " + layout.table() + " with dead-letter records in " + layout.deadLetters(),
                    "they must be two tables, and names that begin with kstage_ are reserved",
                    "choose other names with --table and --dead-letter");
        }
    }

    /** @param longest in bytes; 0 if it is not known */
    private static void refuseLongName(String kind, String name, int longest, String options) {
        if (longest > 0 && name.getBytes(StandardCharsets.UTF_8).length > longest) {
            throw refused(
                    "cannot create " + kind + " " + name,
                    "the database allows names of at most " + longest + " bytes",
                    "choose shorter names with " + options);
        }
    }

    private String asStored(TableName deadLetters) throws SQLException {
        boolean isBeside = Objects.equals(deadLetters.schema(), layout.table().schema());
        String schema = deadLetters.schema() == null ? catalog().current() : deadLetters.schema();
        return new TableName(isBeside ? null : schema, deadLetters.name()).toString();
    }

    private Sink create(@Nullable String group) throws SQLException {
        for (TableName name : List.of(layout.table(), layout.deadLetters())) {
            if (catalog().has(name)) {
                throw refused(
                        "table " + name + " in " + database + " already exists",
                        "it has no row in kstage_sink, so kstage did not create it",
                        "choose another name with --table or --dead-letter, or drop the table if it is not needed");
            }
        }
        String id = UUID.randomUUID().toString();
        String stem = layout.table().toString().replace("\"", "").replaceAll("[^A-Za-z0-9._-]", "_");
        Sink sink = new Sink(
                id,
                group == null ? "kstage-" + stem + "-" + id.substring(0, 6).toLowerCase(Locale.ROOT) : group,
                layout.deadLetters());
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + layout.sinks()
                + " (sink, sink_id, consumer_group, dead_letter) VALUES (?, ?, ?, ?)")) {
            insert.setString(1, layout.table().name());
            insert.setString(2, sink.id());
            insert.setString(3, sink.group());
            insert.setString(4, asStored(sink.deadLetters()));
            insert.executeUpdate();
        }
        execute(layout.createResults());
        execute(layout.createDeadLetters());
        return sink;
    }

    private @Nullable Sink stored() throws SQLException {
        String current = catalog().current();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT sink_id, consumer_group, dead_letter FROM " + layout.sinks() + " WHERE sink = ?")) {
            select.setString(1, layout.table().name());
            try (ResultSet row = select.executeQuery()) {
                StoredValues stored = new StoredValues(row, TableSchema.SINKS);
                return row.next()
                        ? new Sink(stored.name(1), stored.name(2), deadLetters(layout.table(), stored.name(3), current))
                        : null;
            }
        }
    }

    private void refuseWhatWasChanged() throws SQLException {
        if (!catalog().has(layout.table())) {
            throw refused(
                    "table " + layout.table() + " in " + database + " was deleted",
                    "kstage_sink and kstage_position still have rows for it",
                    "restore it; or, to read the topic from its start, delete the rows of sink '"
                            + layout.table().name() + "' in both");
        }
        Map<String, String> found = catalog().columns(layout.quoted(layout.table()));
        MetadataColumns.refuseEarlier(found.keySet(), layout.table(), database);
        if (catalog().has(layout.deadLetters())) {
            Set<String> actual =
                    catalog().columns(layout.quoted(layout.deadLetters())).keySet();
            MetadataColumns.refuseEarlier(actual, layout.deadLetters(), database);
            if (!actual.equals(layout.deadLetterColumns().keySet())) {
                throw refused(
                        "table " + layout.deadLetters() + " in " + database + " is not a dead-letter table",
                        "it has the columns " + String.join(", ", actual),
                        "restore the table that kstage created, or store in another --table");
            }
        }
        Map<String, String> wanted = layout.resultColumns();
        boolean same = found.size() == wanted.size();
        for (Map.Entry<String, String> each : wanted.entrySet()) {
            String type = found.get(each.getKey());
            same = same && type != null && layout.dialect().isSameType(each.getValue(), type);
        }
        if (!same) {
            throw refused(
                    "table " + layout.table() + " in " + database + " does not have the requested columns",
                    "it has " + found + ", and requested are " + wanted,
                    "use the --columns that the table was created with, or store in another --table");
        }
    }

    /**
     * Stores the topic of the tables, unless it is stored already.
     *
     * @return the number of partitions of the topic at that time
     */
    int hold(Origin origin, int partitions) throws SQLException {
        String where = " WHERE sink = ?";
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + layout.sinks()
                + " SET topic = ?, topic_id = ?, partitions = ?" + where + " AND topic IS NULL")) {
            update.setString(1, origin.name());
            update.setString(2, origin.id());
            update.setInt(3, partitions);
            update.setString(4, layout.table().name());
            update.executeUpdate();
        }
        try (PreparedStatement select =
                connection.prepareStatement("SELECT topic, topic_id, partitions FROM " + layout.sinks() + where)) {
            select.setString(1, layout.table().name());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw refused(
                            "table " + layout.table() + " has no row in kstage_sink any more",
                            "another program deleted the row just now",
                            "run the same command again");
                }
                StoredValues values = new StoredValues(row, TableSchema.SINKS);
                Origin stored = new Origin(values.name(1), values.name(2));
                if (!stored.equals(origin)) {
                    throw otherTopic(stored, origin);
                }
                return values.count(3, 1);
            }
        }
    }

    private Failure otherTopic(Origin stored, Origin origin) {
        return stored.name().equals(origin.name())
                ? refused(
                        "topic " + origin.name() + " is not the topic that table " + layout.table() + " was"
                                + " filled from",
                        "the topic was deleted and recreated: its id was " + stored.id() + " and is " + origin.id(),
                        "store the new topic in another --table")
                : refused(
                        "table " + layout.table() + " holds records of topic " + stored.name(),
                        "a table stores one topic, and this run reads " + origin.name(),
                        "store in another --table");
    }

    private void createUnlessThere(TableName name, String statement) throws SQLException {
        if (!catalog().has(name)) {
            execute(statement);
        }
    }

    private DatabaseCatalog catalog() {
        return new DatabaseCatalog(connection, layout.dialect());
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Failure refused(String what, String why, String remedy) {
        return new Failure(Failure.Kind.USAGE, what, why, remedy);
    }
}
