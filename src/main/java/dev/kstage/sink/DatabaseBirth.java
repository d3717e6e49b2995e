package dev.kstage.sink;

import dev.kstage.report.Failure;
import dev.kstage.stage.Origin;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Creates the tables of a sink, or finds them and sees that they are what they should be.
 *
 * @param layout with the dead letters where the user wants them, or beside the results
 * @param place for messages
 */
record DatabaseBirth(Connection connection, Layout layout, String place) {
    /** The row of a sink in {@code kstage_sink}. */
    record Sink(String id, String group, String deadLetters) {}

    /**
     * @param group the user's, or null
     * @param isDeadLetterGiven whether the user named the table of dead letters
     * @param beforeBirth may refuse tables that are about to be created
     * @throws Failure if a table is there that is another's, or is not what it was
     */
    Sink find(@Nullable String group, boolean isDeadLetterGiven, Runnable beforeBirth) throws SQLException {
        refuseLongNames();
        layout.dialect().lockBirth(connection);
        createUnlessThere(Layout.SINKS, layout.createSinks());
        createUnlessThere(Layout.POSITIONS, layout.createPositions());
        Sink sink = stored();
        if (sink == null) {
            beforeBirth.run();
            return beBorn(group);
        }
        if (group != null && !group.equals(sink.group())) {
            throw refused(
                    "table " + layout.table() + " belongs to group " + sink.group(),
                    "a table keeps the group that it was created with, and this is " + group,
                    "leave out --group, or store in another --table");
        }
        if (isDeadLetterGiven && !layout.deadLetters().equals(sink.deadLetters())) {
            throw refused(
                    "the dead letters of table " + layout.table() + " are in " + sink.deadLetters(),
                    "a table keeps the place of its dead letters, and this is " + layout.deadLetters(),
                    "leave out --dead-letter, or store in another --table");
        }
        refuseWhatWasChanged();
        return sink;
    }

    private void refuseLongNames() throws SQLException {
        int longest = connection.getMetaData().getMaxTableNameLength();
        for (String name : new String[] {layout.table(), layout.deadLetters()}) {
            if (longest > 0 && name.getBytes(StandardCharsets.UTF_8).length > longest) {
                throw refused(
                        "cannot create table " + name,
                        "its name is longer than the " + longest + " bytes that a name can have in this database",
                        "choose shorter names with --table and --dead-letter");
            }
        }
        if (isSameName(layout.table(), layout.deadLetters())
                || layout.table().startsWith("kstage_")
                || layout.deadLetters().startsWith("kstage_")) {
            throw refused(
                    "cannot store in table " + layout.table() + " with dead letters in " + layout.deadLetters(),
                    "they must be two tables, and names that begin with kstage_ are kstage's own",
                    "choose others with --table and --dead-letter");
        }
    }

    private Sink beBorn(@Nullable String group) throws SQLException {
        for (String name : new String[] {layout.table(), layout.deadLetters()}) {
            if (isThere(name)) {
                throw refused(
                        "table " + name + " in " + place + " is there already",
                        "kstage_sink does not know it, so kstage did not create it and can't go on with it",
                        "choose another name with --table or --dead-letter, or drop the table if nobody needs it");
            }
        }
        String id = UUID.randomUUID().toString();
        String stem = layout.table().replaceAll("[^A-Za-z0-9._-]", "_");
        Sink sink = new Sink(
                id,
                group == null ? "kstage-" + stem + "-" + id.substring(0, 6).toLowerCase(Locale.ROOT) : group,
                layout.deadLetters());
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + layout.quoted(Layout.SINKS)
                + " (sink, sink_id, consumer_group, dead_letter) VALUES (?, ?, ?, ?)")) {
            insert.setString(1, layout.table());
            insert.setString(2, sink.id());
            insert.setString(3, sink.group());
            insert.setString(4, sink.deadLetters());
            insert.executeUpdate();
        }
        execute(layout.createResults());
        execute(layout.createDeadLetters());
        return sink;
    }

    private @Nullable Sink stored() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT sink_id, consumer_group, dead_letter FROM "
                + layout.quoted(Layout.SINKS) + " WHERE sink = ?")) {
            select.setString(1, layout.table());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Sink(row.getString(1), row.getString(2), row.getString(3)) : null;
            }
        }
    }

    private void refuseWhatWasChanged() throws SQLException {
        if (!isThere(layout.table())) {
            throw refused(
                    "table " + layout.table() + " in " + place + " is gone",
                    "kstage_sink and kstage_position still have its row and its positions",
                    "bring it back; or, to read the topic again from its start, delete the rows of sink '"
                            + layout.table() + "' in both");
        }
        Map<String, String> found = columns();
        Map<String, String> wanted = layout.resultColumns();
        boolean same = found.size() == wanted.size();
        for (Map.Entry<String, String> each : wanted.entrySet()) {
            String type = found.get(each.getKey());
            same = same && type != null && layout.dialect().isSameType(each.getValue(), type);
        }
        if (!same) {
            throw refused(
                    "table " + layout.table() + " in " + place + " has other columns than asked for",
                    "it has " + found + ", and would have " + wanted,
                    "give the same --columns as when it was created, or store in another --table");
        }
    }

    private Map<String, String> columns() throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet none =
                        statement.executeQuery("SELECT * FROM " + layout.quoted(layout.table()) + " WHERE 1 = 0")) {
            ResultSetMetaData data = none.getMetaData();
            for (int i = 1; i <= data.getColumnCount(); i++) {
                columns.put(data.getColumnName(i), data.getColumnTypeName(i).toLowerCase(Locale.ROOT));
            }
        }
        return columns;
    }

    /**
     * Says whose records the tables hold, unless that is known already.
     *
     * @return how many partitions the topic had then
     */
    int hold(Origin origin, int partitions) throws SQLException {
        String where = " WHERE sink = ?";
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + layout.quoted(Layout.SINKS)
                + " SET topic = ?, topic_id = ?, partitions = ?" + where + " AND topic IS NULL")) {
            update.setString(1, origin.name());
            update.setString(2, origin.id());
            update.setInt(3, partitions);
            update.setString(4, layout.table());
            update.executeUpdate();
        }
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT topic, topic_id, partitions FROM " + layout.quoted(Layout.SINKS) + where)) {
            select.setString(1, layout.table());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw refused(
                            "table " + layout.table() + " has lost its row in kstage_sink",
                            "somebody deleted it just now",
                            "run the same command again");
                }
                Origin stored = new Origin(row.getString(1), row.getString(2));
                if (!stored.equals(origin)) {
                    throw otherTopic(stored, origin);
                }
                return row.getInt(3);
            }
        }
    }

    private Failure otherTopic(Origin stored, Origin origin) {
        return stored.name().equals(origin.name())
                ? refused(
                        "topic " + origin.name() + " is not the one that table " + layout.table() + " was read from",
                        "it was deleted and created again since: its id was " + stored.id() + " and is " + origin.id(),
                        "store the new topic in another --table")
                : refused(
                        "table " + layout.table() + " holds records of topic " + stored.name(),
                        "one table is the store of one topic, and this is " + origin.name(),
                        "store it in another --table");
    }

    private void createUnlessThere(String name, String statement) throws SQLException {
        if (!isThere(name)) {
            execute(statement);
        }
    }

    private boolean isThere(String name) throws SQLException {
        DatabaseMetaData data = connection.getMetaData();
        String escape = data.getSearchStringEscape();
        String pattern =
                name.replace(escape, escape + escape).replace("_", escape + "_").replace("%", escape + "%");
        try (ResultSet tables = data.getTables(connection.getCatalog(), connection.getSchema(), pattern, null)) {
            while (tables.next()) {
                String found = tables.getString("TABLE_NAME");
                if (isSameName(found, name)) {
                    return !String.valueOf(tables.getString("TABLE_TYPE")).contains("INDEX");
                }
            }
            return false;
        }
    }

    /** SQLite takes names that differ in case for the same. */
    private boolean isSameName(String one, String other) {
        return layout.dialect() instanceof SqliteDialect ? one.equalsIgnoreCase(other) : one.equals(other);
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
