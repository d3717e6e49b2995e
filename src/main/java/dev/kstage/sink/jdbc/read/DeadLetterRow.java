package dev.kstage.sink.jdbc.read;

import dev.kstage.record.Bytes;
import dev.kstage.record.Record;
import dev.kstage.sink.jdbc.StoredValues;
import dev.kstage.sink.jdbc.schema.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A row of a dead-letter table.
 *
 * @param topic the topic of the record
 * @param timestamp of the record, in milliseconds since 1970 UTC, or {@link Record#UNSET}
 * @param headers the headers of the record, as a JSON array
 */
public record DeadLetterRow(
        String topic,
        int partition,
        long offset,
        long timestamp,
        String reason,
        @Nullable Bytes key,
        @Nullable Bytes value,
        String headers) {
    /**
     * Passes every row to {@code use}, by partition and offset.
     *
     * @throws dev.kstage.report.Failure if they can't be read
     */
    public static void forEach(StoredDatabase database, TableName table, Consumer<DeadLetterRow> use) {
        database.refuseEarlier(table);
        database.select(
                table,
                "SELECT \"_topic\", \"_partition\", \"_offset\", \"_timestamp\", \"_reason\", \"_key\", \"_value\","
                        + " \"_headers\" FROM {table} ORDER BY \"_topic\", \"_partition\", \"_offset\"",
                null,
                row -> use.accept(deadLetter(row, table.toString())));
    }

    private static DeadLetterRow deadLetter(ResultSet row, String table) throws SQLException {
        StoredValues stored = new StoredValues(row, table);
        String headers = row.getString(8);
        return new DeadLetterRow(
                stored.name(1),
                stored.count(2, 0),
                stored.number(3, 0, Long.MAX_VALUE - 1),
                millis(row.getObject(4)),
                String.valueOf(row.getString(5)),
                bytes(row.getBytes(6)),
                bytes(row.getBytes(7)),
                headers == null ? "[]" : headers);
    }

    /** PostgreSQL has a type for times; other databases store numbers. */
    private static long millis(@Nullable Object time) {
        return time instanceof Timestamp timestamp
                ? timestamp.toInstant().toEpochMilli()
                : time instanceof Number number ? number.longValue() : Record.UNSET;
    }

    private static @Nullable Bytes bytes(byte @Nullable [] bytes) {
        return bytes == null ? null : Bytes.of(bytes);
    }
}
