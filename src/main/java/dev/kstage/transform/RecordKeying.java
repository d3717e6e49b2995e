package dev.kstage.transform;

import dev.kstage.record.Bytes;
import dev.kstage.record.Header;
import dev.kstage.record.Record;
import dev.kstage.stage.Results;
import dev.kstage.stage.Transform;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Sets the key, headers and partition that the user asked for on produced records.
 *
 * @param key the key of every record, or null to keep its own
 * @param headers added to the headers of each record
 * @param partition the partition of records that have none, if set
 */
public record RecordKeying(@Nullable Bytes key, List<Header> headers, OptionalInt partition) implements Transform {
    @Override
    public void apply(Record record, Results results) {
        results.store(addressed(record));
    }

    /**
     * This transform, with partitions chosen as librdkafka chooses them and not as Java clients do.
     *
     * @param partitions number of partitions of the topic
     */
    public Transform asLibrdkafka(int partitions) {
        return (record, results) -> results.store(LibrdkafkaPartitioner.placed(addressed(record), partitions));
    }

    private Record addressed(Record record) {
        return new Record(
                record.partition() == Record.UNSET ? partition.orElse(Record.UNSET) : record.partition(),
                record.offset(),
                record.timestamp(),
                keyOf(record),
                record.value(),
                headersOf(record));
    }

    private @Nullable Bytes keyOf(Record record) {
        return key == null ? record.key() : key;
    }

    private List<Header> headersOf(Record record) {
        if (headers.isEmpty()) {
            return record.headers();
        }
        List<Header> all = new ArrayList<>(record.headers());
        all.addAll(headers);
        return all;
    }
}
