package dev.kstage.sink.jdbc;

import dev.kstage.report.Failure;
import dev.kstage.sink.disk.StoredDocument;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A row of one of kstage's own tables. Anyone who can write to the database may have changed it, and SQLite can store
 * text in a number column. So a value that kstage would not write is rejected.
 *
 * @param table for messages
 */
public record StoredValues(ResultSet row, String table) {
    /** A name or an id. */
    public String name(int column) throws SQLException {
        String text = nameOrNull(column);
        if (text == null) {
            throw unfit(column);
        }
        return text;
    }

    /** A name or an id, or null. */
    @Nullable
    public String nameOrNull(int column) throws SQLException {
        Object value = row.getObject(column);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text) || !StoredDocument.isName(text)) {
            throw unfit(column);
        }
        return text;
    }

    /** A whole number in this range. */
    public long number(int column, long least, long most) throws SQLException {
        Object value = row.getObject(column);
        try {
            if (value instanceof Number number) {
                long exact = new BigDecimal(number.toString()).longValueExact();
                if (exact >= least && exact <= most) {
                    return exact;
                }
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw unfit(column);
        }
        throw unfit(column);
    }

    public int count(int column, int least) throws SQLException {
        return (int) number(column, least, Integer.MAX_VALUE);
    }

    boolean isNull(int column) throws SQLException {
        return row.getObject(column) == null;
    }

    private Failure unfit(int column) throws SQLException {
        return new Failure(
                Failure.Kind.FAILED,
                "cannot use table " + table,
                "column " + row.getMetaData().getColumnLabel(column) + " has a value that kstage does not write there",
                "restore the row; or store in another --table, which reads the topic from its start");
    }
}
