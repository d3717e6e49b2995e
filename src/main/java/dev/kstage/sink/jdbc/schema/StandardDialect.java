package dev.kstage.sink.jdbc.schema;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;

/** Any other database, with types of the SQL standard. */
public final class StandardDialect implements Dialect {
    @Override
    public String type(Kind kind) {
        return switch (kind) {
            // The maximum length of a topic's name.
            case NAME -> "varchar(249)";
            case TEXT, VALUE -> "clob";
            case INT -> "int";
            // Milliseconds since 1970.
            case BIGINT, TIME -> "bigint";
            case BYTES -> "blob";
        };
    }

    @Override
    public String type(Column.Type type) {
        return switch (type) {
            case TEXT, JSON -> "clob";
            case NUMERIC -> "decimal(38, 12)";
            case DOUBLE -> "double precision";
            case TIMESTAMPTZ -> "timestamp with time zone";
            default -> type.toString();
        };
    }

    /** Each database reports its own names for the standard types. */
    @Override
    public boolean isSameType(String created, String reported) {
        return true;
    }

    @Override
    public void setValue(PreparedStatement insert, int index, byte[] value) throws SQLException {
        insert.setString(index, new String(value, StandardCharsets.UTF_8));
    }

    @Override
    public Fault fault(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.equals("23505")) {
            return Fault.DUPLICATE;
        }
        if (state.startsWith("22") || state.startsWith("23")) {
            return Fault.RECORD;
        }
        if (state.startsWith("28")) {
            return Fault.LOGIN;
        }
        return state.startsWith("08")
                        || state.startsWith("40")
                        || e instanceof SQLTransientException
                        || e instanceof SQLRecoverableException
                        || e instanceof SQLNonTransientConnectionException
                ? Fault.TEMPORARY
                : Fault.OTHER;
    }
}
