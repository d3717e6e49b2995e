package dev.kstage.transform;

import dev.kstage.record.Bytes;
import dev.kstage.record.Record;
import java.util.zip.CRC32;

/**
 * The default partitioner of librdkafka ({@code consistent_random}): the CRC-32 of the key modulo the number of
 * partitions. Records with no key or an empty key may go to any partition.
 */
final class LibrdkafkaPartitioner {
    private LibrdkafkaPartitioner() {}

    /** The record with its partition, unless it already has one. */
    static Record placed(Record record, int partitions) {
        Bytes key = record.key();
        if (record.partition() != Record.UNSET || key == null || key.array().length == 0) {
            return record;
        }
        CRC32 checksum = new CRC32();
        checksum.update(key.array());
        return new Record(
                (int) (checksum.getValue() % partitions),
                record.offset(),
                record.timestamp(),
                key,
                record.value(),
                record.headers());
    }
}
