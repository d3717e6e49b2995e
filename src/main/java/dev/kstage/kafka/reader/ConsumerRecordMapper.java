package dev.kstage.kafka.reader;

import dev.kstage.record.Bytes;
import dev.kstage.record.Header;
import dev.kstage.record.Position;
import dev.kstage.record.Record;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Maps records of Kafka's consumer to records and positions. */
public final class ConsumerRecordMapper {
    private ConsumerRecordMapper() {}

    public static Record record(ConsumerRecord<byte[], byte[]> record) {
        List<Header> headers = List.of();
        if (record.headers().iterator().hasNext()) {
            headers = new ArrayList<>();
            for (org.apache.kafka.common.header.Header header : record.headers()) {
                headers.add(new Header(header.key(), bytes(header.value())));
            }
        }
        return new Record(
                record.partition(),
                record.offset(),
                record.timestamp(),
                bytes(record.key()),
                bytes(record.value()),
                headers);
    }

    /** The position from which it comes next. */
    public static Position at(ConsumerRecord<byte[], byte[]> record) {
        return new Position(record.offset(), record.leaderEpoch().orElse(Position.NO_EPOCH));
    }

    /** The position once it was read. */
    public static Position after(ConsumerRecord<byte[], byte[]> record) {
        return new Position(record.offset() + 1, record.leaderEpoch().orElse(Position.NO_EPOCH));
    }

    private static @Nullable Bytes bytes(byte @Nullable [] array) {
        return array == null ? null : Bytes.of(array);
    }
}
