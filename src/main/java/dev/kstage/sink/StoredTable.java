package dev.kstage.sink;

import dev.kstage.report.Failure;
import dev.kstage.stage.Bytes;
import dev.kstage.stage.StoredRow;
import dev.kstage.stage.StoredRows;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;

/** A table of results, read back with SQL that any other program could use. */
public final class StoredTable implements StoredRows {
    private final StoredDatabase database;
    private final String table;

    public StoredTable(StoredDatabase database, String table) {
        this.database = database;
        this.table = table;
    }

    /** As {@code kstage_position} has it; nothing of a table that kstage does not know. */
    @Override
    public Reached reached() {
        return database.stores().stream()
                .filter(each -> each.table().equals(table))
                .findFirst()
                .map(store -> new Reached(store.topic(), database.positions(table), 0))
                .orElse(Reached.NOTHING_TOLD);
    }

    @Override
    public void forEach(Consumer<StoredRow> use, Consumer<String> faults) {
        database.select(
                table,
                // The order of its key, so that nothing has to be sorted.
                "SELECT \"partition\", \"offset\", \"value\" FROM {table} ORDER BY \"topic\", \"partition\", \"offset\"",
                null,
                row -> use.accept(row(row)));
    }

    private static StoredRow row(ResultSet row) throws SQLException {
        int partition = row.getInt(1);
        String value = row.getString(3);
        return new StoredRow(
                partition,
                "partition " + partition + ", offset",
                row.getLong(2),
                value == null ? null : Bytes.of(value.getBytes(StandardCharsets.UTF_8)));
    }

    /** Removes it, with its dead letters and its position. */
    public void drop() {
        try (Connection connection = database.login().connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("DROP TABLE IF EXISTS " + quoted(table));
            statement.executeUpdate("DROP TABLE IF EXISTS " + quoted(table + "_dead_letter"));
            for (String known : new String[] {"kstage_position", "kstage_sink"}) {
                try (PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM " + known + " WHERE sink = ?")) {
                    delete.setString(1, table);
                    delete.executeUpdate();
                }
            }
        } catch (SQLException e) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    "cannot drop table " + table + " in " + database.place(),
                    DatabaseFailures.reason(e),
                    "see that the database is well",
                    e);
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
