package dev.kstage.sink;

import dev.kstage.report.Failure;
import dev.kstage.stage.Bytes;
import dev.kstage.stage.Positions;
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
    private static final int ROWS_AT_ONCE = 5_000;

    private final DatabaseLogin login;
    private final String table;

    public StoredTable(DatabaseLogin login, String table) {
        this.login = login;
        this.table = table;
    }

    /** Not looked up: this is for whoever knows that everything was consumed. */
    @Override
    public Reached reached() {
        return new Reached(null, Positions.NONE, 0);
    }

    @Override
    public void forEach(Consumer<StoredRow> use) {
        try (Connection connection = login.connect()) {
            // Only so does PostgreSQL's driver not take all rows into memory.
            connection.setAutoCommit(false);
            try (Statement select = connection.createStatement()) {
                select.setFetchSize(ROWS_AT_ONCE);
                try (ResultSet rows = select.executeQuery("SELECT \"partition\", \"offset\", value FROM "
                        + quoted(table) + " ORDER BY \"partition\", \"offset\"")) {
                    while (rows.next()) {
                        use.accept(row(rows));
                    }
                }
            }
        } catch (SQLException e) {
            throw failure("cannot read table " + table, e);
        }
    }

    private static StoredRow row(ResultSet rows) throws SQLException {
        int partition = rows.getInt(1);
        String value = rows.getString(3);
        return new StoredRow(
                partition,
                "partition " + partition + ", offset",
                rows.getLong(2),
                value == null ? null : Bytes.of(value.getBytes(StandardCharsets.UTF_8)));
    }

    /** Removes it, with its dead letters and its position. */
    public void drop() {
        try (Connection connection = login.connect();
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
            throw failure("cannot drop table " + table, e);
        }
    }

    private Failure failure(String what, SQLException e) {
        return new Failure(
                Failure.Kind.FAILED,
                what + " in " + login,
                String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                "see that the database is well",
                e);
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
