package dev.kstage.sink.jdbc.read;

import dev.kstage.record.Bytes;
import dev.kstage.record.StoredRow;
import dev.kstage.record.StoredRows;
import dev.kstage.report.Failure;
import dev.kstage.sink.jdbc.DatabaseFailures;
import dev.kstage.sink.jdbc.schema.DatabaseCatalog;
import dev.kstage.sink.jdbc.schema.Dialect;
import dev.kstage.sink.jdbc.schema.MetadataColumns;
import dev.kstage.sink.jdbc.schema.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a table of results with SQL that any other program could use. */
public final class StoredTable implements StoredRows {
    private final StoredDatabase database;
    private final TableName table;

    public StoredTable(StoredDatabase database, TableName table) {
        this.database = database;
        this.table = table;
    }

    /** The offsets in {@code kstage_position}; none for a table that kstage does not know. */
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
        database.refuseEarlier(table);
        Dialect dialect = Dialect.of(database.login());
        @Nullable StoredColumns[] columns = {null};
        database.select(
                table,
                // The order of the primary key, so that nothing has to be sorted.
                "SELECT * FROM {table} ORDER BY \"_topic\", \"_partition\", \"_offset\"",
                null,
                row -> {
                    StoredColumns known = columns[0];
                    if (known == null) {
                        known = new StoredColumns(dialect, row.getMetaData());
                        columns[0] = known;
                    }
                    use.accept(row(row, known));
                });
    }

    private static StoredRow row(ResultSet row, StoredColumns columns) throws SQLException {
        int partition = row.getInt(MetadataColumns.PARTITION);
        Bytes value = bytes(row.getString(MetadataColumns.VALUE));
        return new StoredRow(
                partition,
                "partition " + partition + ", offset",
                row.getLong(MetadataColumns.OFFSET),
                value,
                new StoredRow.Key(bytes(row.getString(MetadataColumns.KEY))),
                value == null ? null : columns.difference(row, value.array()));
    }

    private static @Nullable Bytes bytes(@Nullable String text) {
        return text == null ? null : Bytes.of(text);
    }

    /** Drops the table, its dead-letter table and its offsets. */
    public void drop() {
        try (Connection connection = database.login().connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("DROP TABLE IF EXISTS " + quoted(table));
            statement.executeUpdate("DROP TABLE IF EXISTS " + quoted(table.deadLetters()));
            for (String known : new String[] {"kstage_position", "kstage_sink"}) {
                try (PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM " + quoted(table.beside(known)) + " WHERE sink = ?")) {
                    delete.setString(1, table.name());
                    delete.executeUpdate();
                }
            }
        } catch (SQLException e) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    "cannot drop table " + table + " in " + database.displayName(),
                    DatabaseFailures.reason(e),
                    "check that the database works",
                    e);
        }
    }

    private static String quoted(TableName name) {
        return DatabaseCatalog.quoted("\"", name);
    }
}
