package dev.kstage.sink.jdbc.read;

import dev.kstage.sink.jdbc.schema.Column;
import dev.kstage.sink.jdbc.schema.ColumnValues;
import dev.kstage.sink.jdbc.schema.Dialect;
import dev.kstage.sink.jdbc.schema.MetadataColumns;
import dev.kstage.sink.jdbc.schema.SqliteDialect;
import dev.kstage.sink.jdbc.schema.StandardDialect;
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
 * Compares the columns of a table with the fields of the row's own value. Columns of types that {@code --columns}
 * never creates are ignored, and so are columns of databases without a dialect of their own.
 */
final class StoredColumns {
    // Databases round times to the microsecond.
    private static final Duration ROUNDED = Duration.ofNanos(1_000);

    /** A definition that a column may have been created with, and how it is filled then. */
    private record Candidate(Column column, ColumnValues values) {}

    /**
     * A column of the table.
     *
     * @param index its index in the rows, from 1
     * @param candidates its possible definitions: SQLite has one type for all texts and times, and a column does not
     *     show the unit of its times. All previous rows fit these; the next row may narrow them down.
     */
    private record Filled(String name, int index, List<Candidate> candidates) {}

    private final List<Filled> columns = new ArrayList<>();
    private final boolean keepsTexts;

    /** @param rows metadata of the whole table */
    StoredColumns(Dialect dialect, ResultSetMetaData rows) throws SQLException {
        this.keepsTexts = dialect instanceof SqliteDialect;
        for (int index = 1; index <= rows.getColumnCount(); index++) {
            String name = rows.getColumnName(index);
            String reported = rows.getColumnTypeName(index);
            List<Candidate> candidates = new ArrayList<>();
            Arrays.stream(Column.Type.values())
                    .filter(type -> dialect.type(type).equalsIgnoreCase(reported))
                    .forEach(type -> candidates.addAll(candidates(name, type)));
            // How other databases round numbers and times is not known.
            boolean isKnown = !(dialect instanceof StandardDialect) && !candidates.isEmpty();
            if (isKnown && !MetadataColumns.has(name)) {
                columns.add(new Filled(name, index, candidates));
            }
        }
    }

    private static List<Candidate> candidates(String name, Column.Type type) {
        List<Column> columns = new ArrayList<>(List.of(new Column(name, type)));
        if (type == Column.Type.TIMESTAMPTZ || type == Column.Type.TIMESTAMP) {
            for (Column.Epoch epoch : Column.Epoch.values()) {
                columns.add(new Column(name, type, epoch));
            }
        }
        return columns.stream()
                .map(column -> new Candidate(column, new ColumnValues(List.of(column))))
                .toList();
    }

    /** How the columns differ from the value, for a person; null if they do not. */
    @Nullable
    String difference(ResultSet row, byte[] value) throws SQLException {
        for (Filled column : columns) {
            if (!isFilledFrom(column, row, value)) {
                return "has " + row.getString(column.index()) + " in column " + column.name()
                        + ", which differs from its value";
            }
        }
        return null;
    }

    private boolean isFilledFrom(Filled filled, ResultSet row, byte[] value) throws SQLException {
        List<Candidate> fitting = new ArrayList<>();
        for (Candidate each : filled.candidates()) {
            if (isFilledFrom(each, row, filled.index(), value)) {
                fitting.add(each);
            }
        }
        if (!fitting.isEmpty()) {
            filled.candidates().retainAll(fitting);
        }
        return !fitting.isEmpty();
    }

    private boolean isFilledFrom(Candidate candidate, ResultSet row, int index, byte[] value) throws SQLException {
        try {
            Object field = candidate.values().of(value)[0];
            return field == null
                    ? row.getObject(index) == null
                    : isSame(candidate.column().type(), field, row, index);
        } catch (ColumnValues.Unfit e) {
            // The column was created with another type.
            return false;
        }
    }

    private boolean isSame(Column.Type type, Object field, ResultSet row, int index) throws SQLException {
        String stored = row.getString(index);
        if (stored == null) {
            return false;
        }
        return switch (type) {
            case TEXT, JSON -> isSameText(field, stored);
            case INT, BIGINT, NUMERIC, DOUBLE -> isSameNumber(String.valueOf(field), stored);
            case BOOLEAN -> row.getBoolean(index) == (Boolean) field;
            case TIMESTAMPTZ ->
                keepsTexts
                        ? isSameText(field, stored)
                        : isSameTime(
                                Instant.parse((String) field),
                                row.getObject(index, OffsetDateTime.class).toInstant());
            case TIMESTAMP ->
                keepsTexts
                        ? isSameText(field, stored)
                        : isSameTime(
                                LocalDateTime.parse((String) field).toInstant(ZoneOffset.UTC),
                                row.getObject(index, LocalDateTime.class).toInstant(ZoneOffset.UTC));
            case DATE ->
                keepsTexts
                        ? isSameText(field, stored)
                        : LocalDate.parse((String) field).equals(row.getObject(index, LocalDate.class));
        };
    }

    /** As bytes, because not every JSON text can be encoded. */
    private static boolean isSameText(Object field, String stored) {
        return Arrays.equals(
                String.valueOf(field).getBytes(StandardCharsets.UTF_8), stored.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isSameNumber(String field, String stored) {
        try {
            // SQLite stores a number with a point as a binary double.
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
