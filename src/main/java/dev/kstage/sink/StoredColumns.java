package dev.kstage.sink;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table of results that were filled from fields of the values. Each is compared with what
 * the row's own value would fill it with. A column of a type that {@code --columns} does not make here is
 * left alone, and so are those of databases that are not known well.
 */
final class StoredColumns {
    // Databases keep times to the microsecond, and round.
    private static final Duration ROUNDED = Duration.ofNanos(1_000);

    /**
     * One of them.
     *
     * @param place in the rows, from 1
     * @param types that it may have been made for: SQLite has one for all texts and times
     */
    private record Filled(String name, int place, List<Column.Type> types) {}

    private final List<Filled> columns = new ArrayList<>();
    private final boolean keepsTexts;

    /** @param rows of the whole table */
    StoredColumns(Dialect dialect, ResultSetMetaData rows) throws SQLException {
        this.keepsTexts = dialect instanceof SqliteDialect;
        for (int place = 1; place <= rows.getColumnCount(); place++) {
            String name = rows.getColumnName(place);
            String reported = rows.getColumnTypeName(place);
            List<Column.Type> types = Arrays.stream(Column.Type.values())
                    .filter(type -> dialect.type(type).equalsIgnoreCase(reported))
                    .toList();
            // How another database rounds numbers and times is not known.
            boolean isKnown = !(dialect instanceof PlainDialect) && !types.isEmpty();
            if (isKnown && !OwnColumns.has(name)) {
                columns.add(new Filled(name, place, types));
            }
        }
    }

    /** What a column has that the value does not fill it with, for a person; null if there is none. */
    @Nullable
    String difference(ResultSet row, byte[] value) throws SQLException {
        for (Filled column : columns) {
            if (!isFilledFrom(column, row, value)) {
                return "has " + row.getString(column.place()) + " in column " + column.name()
                        + ", which is not what its value has";
            }
        }
        return null;
    }

    private boolean isFilledFrom(Filled column, ResultSet row, byte[] value) throws SQLException {
        for (Column.Type type : column.types()) {
            if (isFilledFrom(new Column(column.name(), type), row, column.place(), value)) {
                return true;
            }
        }
        return false;
    }

    private boolean isFilledFrom(Column column, ResultSet row, int place, byte[] value) throws SQLException {
        try {
            Object field = new ColumnValues(List.of(column)).of(value)[0];
            return field == null ? row.getObject(place) == null : isSame(column.type(), field, row, place);
        } catch (ColumnValues.Unfit e) {
            // It was made for another type.
            return false;
        }
    }

    private boolean isSame(Column.Type type, Object field, ResultSet row, int place) throws SQLException {
        String stored = row.getString(place);
        if (stored == null) {
            return false;
        }
        return switch (type) {
            case TEXT, JSON -> isSameText(field, stored);
            case INT, BIGINT, NUMERIC, DOUBLE -> isSameNumber(String.valueOf(field), stored);
            case BOOLEAN -> row.getBoolean(place) == (Boolean) field;
            case TIMESTAMPTZ ->
                keepsTexts
                        ? isSameText(field, stored)
                        : isSameTime(
                                Instant.parse((String) field),
                                row.getObject(place, OffsetDateTime.class).toInstant());
            case TIMESTAMP ->
                keepsTexts
                        ? isSameText(field, stored)
                        : isSameTime(
                                LocalDateTime.parse((String) field).toInstant(ZoneOffset.UTC),
                                row.getObject(place, LocalDateTime.class).toInstant(ZoneOffset.UTC));
            case DATE ->
                keepsTexts
                        ? isSameText(field, stored)
                        : LocalDate.parse((String) field).equals(row.getObject(place, LocalDate.class));
        };
    }

    /** As bytes, since not every text of JSON can be written as it is. */
    private static boolean isSameText(Object field, String stored) {
        return Arrays.equals(
                String.valueOf(field).getBytes(StandardCharsets.UTF_8), stored.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isSameNumber(String field, String stored) {
        try {
            // SQLite makes a binary number of one with a point.
            return new BigDecimal(field).compareTo(new BigDecimal(stored)) == 0
                    || Double.parseDouble(field) == Double.parseDouble(stored);
        } catch (NumberFormatException e) {
            return field.equals(stored);
        }
    }

    private static boolean isSameTime(Instant field, Instant stored) {
        return Duration.between(field, stored).abs().compareTo(ROUNDED) <= 0;
    }
}
