package dev.kstage.sink.jdbc.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * SQLite: a file with one writer at a time. Transactions are started and ended by SQL. The driver's own commit would
 * start the next transaction at once and so keep every other writer out.
 */
public final class SqliteDialect implements Dialect {
    /** A savepoint. If several have the same name, SQLite uses the last. */
    private record Mark() implements Savepoint {
        @Override
        public int getSavepointId() {
            return 0;
        }

        @Override
        public String getSavepointName() {
            return "row";
        }
    }

    @Override
    public String type(Kind kind) {
        return switch (kind) {
            case NAME, TEXT, VALUE -> "text";
            case INT -> "int";
            case BIGINT -> "bigint";
            // Milliseconds since 1970.
            case TIME -> "integer";
            case BYTES -> "blob";
        };
    }

    @Override
    public String type(Column.Type type) {
        return switch (type) {
            // SQLite would convert texts in columns of unknown types to numbers.
            case TIMESTAMPTZ, TIMESTAMP, DATE, JSON -> "text";
            default -> type.toString();
        };
    }

    @Override
    public boolean isSameName(String one, String other) {
        return one.equalsIgnoreCase(other);
    }

    @Override
    public void prepare(Connection connection) throws SQLException {
        execute(connection, "PRAGMA journal_mode=WAL");
        // With less, a power cut could undo what was already reported to Kafka as stored.
        execute(connection, "PRAGMA synchronous=FULL");
    }

    /** A transaction that starts as a reader may be rejected when it writes. */
    @Override
    public void begin(Connection connection) throws SQLException {
        execute(connection, "BEGIN IMMEDIATE");
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        execute(connection, "COMMIT");
    }

    @Override
    public Savepoint mark(Connection connection) throws SQLException {
        execute(connection, "SAVEPOINT row");
        return new Mark();
    }

    @Override
    public void goBack(Connection connection, Savepoint mark) throws SQLException {
        execute(connection, "ROLLBACK TO row");
    }

    @Override
    public void release(Connection connection, Savepoint mark) throws SQLException {
        execute(connection, "RELEASE row");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The bytes unchanged; a text would be decoded here and encoded again by the driver. */
    @Override
    public void setValue(PreparedStatement insert, int index, byte[] value) throws SQLException {
        insert.setBytes(index, value);
    }

    @Override
    public void setField(PreparedStatement insert, int index, Column.Type type, @Nullable Object field)
            throws SQLException {
        insert.setObject(index, field instanceof Boolean bool ? (Object) (bool ? 1 : 0) : field);
    }

    @Override
    public Fault fault(SQLException e) {
        if (!(e instanceof SQLiteException sqlite)) {
            return Fault.OTHER;
        }
        SQLiteErrorCode code = sqlite.getResultCode();
        if (code == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY) {
            return Fault.DUPLICATE;
        }
        // The lower byte is the primary error code.
        return switch (code.code & 0xff) {
            case 5, 6 -> Fault.TEMPORARY; // busy, locked
            case 10, 13 -> Fault.FULL; // write error (also for a limit of a file's size), disk full
            case 18, 19, 20 -> Fault.RECORD; // too big, constraint, mismatch
            case 3, 8, 23 -> Fault.DENIED; // permission, read-only, authorisation
            default -> Fault.OTHER;
        };
    }
}
