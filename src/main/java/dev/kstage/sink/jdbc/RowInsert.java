package dev.kstage.sink.jdbc;

import dev.kstage.record.DeadLetter;
import dev.kstage.sink.jdbc.schema.Dialect;
import dev.kstage.sink.jdbc.schema.TableRow;
import dev.kstage.sink.jdbc.schema.TableSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Inserts rows in one batch. If the database rejects a row, it finds that row by halving the batch, each half after a
 * savepoint.
 */
final class RowInsert {
    private final Connection connection;
    private final TableSchema layout;
    private final List<DeadLetter> refused = new ArrayList<>();

    private RowInsert(Connection connection, TableSchema layout) {
        this.connection = connection;
        this.layout = layout;
    }

    /** Inserts all valid rows in the open transaction; returns the rejected ones. */
    static List<DeadLetter> of(Connection connection, TableSchema layout, List<TableRow> rows) throws SQLException {
        RowInsert insert = new RowInsert(connection, layout);
        insert.insert(rows);
        return insert.refused;
    }

    private void insert(List<TableRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        Dialect dialect = layout.dialect();
        Savepoint before = dialect.mark(connection);
        SQLException fault = null;
        try {
            dialect.insert(connection, layout, rows);
        } catch (SQLException e) {
            if (dialect.fault(e) != Dialect.Fault.RECORD) {
                throw e;
            }
            dialect.goBack(connection, before);
            fault = e;
        }
        dialect.release(connection, before);
        if (fault != null && rows.size() == 1) {
            refused.add(new DeadLetter(rows.get(0).record(), DatabaseFailures.reason(fault)));
        } else if (fault != null) {
            insert(rows.subList(0, rows.size() / 2));
            insert(rows.subList(rows.size() / 2, rows.size()));
        }
    }
}
