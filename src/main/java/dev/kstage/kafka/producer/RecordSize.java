package dev.kstage.kafka.producer;

import dev.kstage.record.Bytes;
import dev.kstage.record.Header;
import dev.kstage.record.Record;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The size in bytes of a batch that holds one record, uncompressed: what {@code max.message.bytes} of a topic
 * limits. By version 2 of the message format of Kafka's protocol.
 */
final class RecordSize {
    // Of the batch: two offsets, lengths, epochs, timestamps, the producer, a checksum and the number of records.
    private static final int BATCH = 61;
    // Attributes, and the differences of timestamp and offset from the batch's own: none.
    private static final int FIXED = 3;

    private RecordSize() {}

    static long alone(Record record) {
        long size = FIXED + lengthOf(record.key()) + lengthOf(record.value());
        size += varint(record.headers().size());
        for (Header header : record.headers()) {
            int key = header.key().getBytes(StandardCharsets.UTF_8).length;
            size += varint(key) + key + lengthOf(header.value());
        }
        return BATCH + varint(size) + size;
    }

    private static long lengthOf(@Nullable Bytes bytes) {
        return bytes == null ? varint(-1) : varint(bytes.length()) + (long) bytes.length();
    }

    /** The length of a signed number as the protocol writes it: seven bits a byte, the sign in the lowest one. */
    private static int varint(long number) {
        long left = (number << 1) ^ (number >> 63);
        int length = 1;
        while ((left & ~0x7FL) != 0) {
            left >>>= 7;
            length++;
        }
        return length;
    }
}
