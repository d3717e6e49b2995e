package dev.kstage.kafka.producer;

import dev.kstage.record.Bytes;
import dev.kstage.record.Header;
import dev.kstage.record.Record;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Maps a record to a record of Kafka's producer. */
public final class ProducerRecordMapper {
    private ProducerRecordMapper() {}

    /** @param partition the partition, or {@link Record#UNSET} to let the client choose */
    public static ProducerRecord<byte[], byte[]> of(String topic, int partition, Record record) {
        ProducerRecord<byte[], byte[]> toSend = new ProducerRecord<>(
                topic,
                partition == Record.UNSET ? null : partition,
                record.timestamp() == Record.UNSET ? null : record.timestamp(),
                array(record.key()),
                array(record.value()));
        for (Header header : record.headers()) {
            toSend.headers().add(new RecordHeader(header.key(), array(header.value())));
        }
        return toSend;
    }

    private static byte @Nullable [] array(@Nullable Bytes bytes) {
        return bytes == null ? null : bytes.array();
    }
}
