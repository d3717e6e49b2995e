package dev.kstage.sink.jdbc.schema;

import dev.kstage.record.Record;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** PostgreSQL; rows are inserted with COPY. */
final class PostgresDialect implements Dialect {
    // The latest timestamptz.
    private static final long LATEST_MILLIS = 9_224_318_015_999_999L / 1000;
    // The server ends the session of a paused owner in a transaction, and so releases its locks, before the lock
    // timeout of waiting runs.
    private static final String BEGIN = "SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '5s';"
            + " SET LOCAL idle_in_transaction_session_timeout = '10s'";
    private static final Pattern SESSION = Pattern.compile(" session (\\d+) of (\\d+\\.\\d+)$");
    private static final Pattern OUR_KEY = Pattern.compile("\\(_topic, _partition, _offset\\)=");

    @Override
    public String type(Kind kind) {
        return switch (kind) {
            case NAME, TEXT -> "text";
            case INT -> "int4";
            case BIGINT -> "int8";
            case TIME -> "timestamptz";
            // Not jsonb, which does not keep the bytes.
            case VALUE -> "json";
            case BYTES -> "bytea";
        };
    }

    @Override
    public String type(Column.Type type) {
        return switch (type) {
            case INT -> "int4";
            case BIGINT -> "int8";
            case DOUBLE -> "float8";
            case BOOLEAN -> "bool";
            default -> type.toString();
        };
    }

    @Override
    public void prepare(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }

    @Override
    public void begin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(BEGIN);
        }
    }

    @Override
    public void lockCreation(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Any number that nobody else uses: "kstage" in ASCII.
            statement.execute("SELECT pg_advisory_xact_lock(118121265588069)");
        }
    }

    @Override
    public String session(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pid, extract(epoch FROM backend_start)"
                        + " FROM pg_stat_activity WHERE pid = pg_backend_pid()")) {
            return row.next() ? " session " + row.getString(1) + " of " + row.getString(2) : "";
        }
    }

    /**
     * Ends the session of a process that was paused while it sent rows. PostgreSQL does not consider it idle, so no
     * timeout ends it.
     */
    @Override
    public void end(Connection connection, String owner) throws SQLException {
        Matcher session = SESSION.matcher(owner);
        if (!session.find()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_terminate_backend(pid)"
                + " FROM pg_stat_activity WHERE pid = ? AND extract(epoch FROM backend_start)::text = ?")) {
            statement.setInt(1, Integer.parseInt(session.group(1)));
            statement.setString(2, session.group(2));
            statement.executeQuery().close();
        }
    }

    @Override
    public boolean isLockTimeout(SQLException e) {
        return "55P03".equals(e.getSQLState());
    }

    @Override
    public Fault fault(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.equals("23505") && isOurKey(e)) {
            return Fault.DUPLICATE;
        }
        if (state.equals("53100")) {
            return Fault.FULL;
        }
        // An error of the driver itself: the server asks for a password, and there is none.
        if (state.equals("08004")) {
            return Fault.LOGIN;
        }
        return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            case "22", "23" -> Fault.RECORD;
            case "08", "40", "53", "55", "57", "58" -> Fault.TEMPORARY;
            case "28", "3D" -> Fault.LOGIN;
            // Idle in a transaction for too long, or the server has become a standby.
            case "25" -> Fault.TEMPORARY;
            default -> state.equals("42501") ? Fault.DENIED : Fault.OTHER;
        };
    }

    private static boolean isOurKey(SQLException e) {
        ServerErrorMessage message = e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        String detail = message == null ? null : message.getDetail();
        return detail != null && OUR_KEY.matcher(detail).find();
    }

    @Override
    public @Nullable String refusal(Record record) {
        if (record.timestamp() > LATEST_MILLIS) {
            return "its timestamp, " + record.timestamp() + ", is later than the latest timestamp of PostgreSQL";
        }
        if (record.key() != null) {
            for (byte each : record.key().array()) {
                if (each == 0) {
                    return "its key has a zero character, which PostgreSQL can't store in text";
                }
            }
        }
        return null;
    }

    @Override
    public void insert(Connection connection, TableSchema layout, List<TableRow> rows) throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(layout.copy());
        try {
            CopyText text = new CopyText(layout.topic(), copy);
            for (TableRow row : rows) {
                text.add(row);
            }
            text.flush();
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    @Override
    public void setTime(PreparedStatement insert, int index, long millis) throws SQLException {
        if (millis < 0 || millis > LATEST_MILLIS) {
            insert.setNull(index, Types.TIMESTAMP_WITH_TIMEZONE);
        } else {
            insert.setObject(index, Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
        }
    }

    @Override
    public void setValue(PreparedStatement insert, int index, byte[] value) {
        throw new UnsupportedOperationException("PostgreSQL inserts rows with COPY");
    }
}
