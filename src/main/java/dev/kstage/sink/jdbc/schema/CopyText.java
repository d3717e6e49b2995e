package dev.kstage.sink.jdbc.schema;

import dev.kstage.record.Record;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/** Rows in the text format of PostgreSQL's COPY: fields separated by tabs, rows by line feeds. */
final class CopyText {
    private static final int SEND_AT = 1 << 16;
    private static final byte[] NULL = {'\\', 'N'};

    private final byte[] topic;
    private final CopyIn copy;
    private byte[] buffer = new byte[2 * SEND_AT];
    private int length;
    private long second = Long.MIN_VALUE;
    private byte[] secondText = {};

    CopyText(String topic, CopyIn copy) {
        this.topic = topic.getBytes(StandardCharsets.UTF_8);
        this.copy = copy;
    }

    void add(TableRow row) throws SQLException {
        Record record = row.record();
        escaped(topic);
        put((byte) '\t');
        ascii(Integer.toString(record.partition()));
        put((byte) '\t');
        ascii(Long.toString(record.offset()));
        put((byte) '\t');
        time(record.timestamp());
        put((byte) '\t');
        if (record.key() == null) {
            raw(NULL);
        } else {
            escaped(record.key().array());
        }
        put((byte) '\t');
        escaped(Objects.requireNonNull(record.value()).array());
        for (Object field : row.fields()) {
            put((byte) '\t');
            field(field);
        }
        put((byte) '\n');
        if (length >= SEND_AT) {
            flush();
        }
    }

    void flush() throws SQLException {
        copy.writeToCopy(buffer, 0, length);
        length = 0;
    }

    private void field(@Nullable Object field) {
        if (field == null) {
            raw(NULL);
        } else {
            escaped(field.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Consecutive records often have the same second. */
    private void time(long millis) {
        if (millis < 0) {
            raw(NULL);
            return;
        }
        if (millis / 1000 != second) {
            second = millis / 1000;
            String text = Instant.ofEpochSecond(second).toString();
            // ISO 8601 writes years above 9999 with a sign, which PostgreSQL can't parse.
            secondText = text.substring(text.startsWith("+") ? 1 : 0, text.length() - 1)
                    .getBytes(StandardCharsets.US_ASCII);
        }
        raw(secondText);
        put((byte) '.');
        int thousandths = (int) (millis % 1000);
        put((byte) ('0' + thousandths / 100));
        put((byte) ('0' + thousandths / 10 % 10));
        put((byte) ('0' + thousandths % 10));
        put((byte) 'Z');
    }

    private void escaped(byte[] bytes) {
        // Escaping may double every byte.
        room(2 * bytes.length);
        byte[] to = buffer;
        int at = length;
        for (byte each : bytes) {
            switch (each) {
                case '\\', '\t', '\n', '\r' -> {
                    to[at++] = '\\';
                    to[at++] = each == '\\' ? each : (byte) (each == '\t' ? 't' : each == '\n' ? 'n' : 'r');
                }
                default -> to[at++] = each;
            }
        }
        length = at;
    }

    private void raw(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
    }

    @SuppressWarnings("deprecation") // The only way to encode ASCII without another array.
    private void ascii(String text) {
        room(text.length());
        text.getBytes(0, text.length(), buffer, length);
        length += text.length();
    }

    private void put(byte each) {
        room(1);
        buffer[length++] = each;
    }

    private void room(int more) {
        if (buffer.length - length < more) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
        }
    }
}
