package dev.kstage.kafka.producer;

import dev.kstage.record.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of the records that were sent. The client calls it from its network thread, and from the sending
 * thread for a record that it rejects at once; hence the lock.
 */
public final class Acknowledgements implements Callback {
    private static final String BATCH_MATE = "Failed to append record because it was part of a batch";

    private final List<DeliveryStats.@Nullable ToPartition> partitions = new ArrayList<>();
    private @Nullable Record refused;
    private long records;
    private long failed;
    private long bytes;
    private volatile @Nullable Exception fault;
    private volatile @Nullable Exception end;

    /** A callback for one record, which {@link #firstRefused} can name if it is rejected for its own content. */
    public Callback of(Record record) {
        int partition = record.partition();
        long offset = record.offset();
        return (metadata, thrown) -> {
            onCompletion(metadata, thrown);
            if (thrown != null && isTheRecordsOwn(thrown)) {
                refuse(partition, offset);
            }
        };
    }

    private synchronized void refuse(int partition, long offset) {
        if (refused == null) {
            refused = new Record(partition, offset, Record.UNSET, null, null, List.of());
        }
    }

    /** Where the first record was read that was rejected for its own content, among those of {@link #of}; or null. */
    public synchronized @Nullable Record firstRefused() {
        return refused;
    }

    @Override
    public synchronized void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception thrown) {
        if (thrown != null || metadata == null) {
            failed++;
            boolean isAtFault = isTheRecordsOwn(thrown);
            fault = fault == null || (isAtFault && isBatchMate(fault)) ? thrown : fault;
            if (end == null && !isAtFault && !isBatchMate(thrown)) {
                end = thrown;
            }
            return;
        }
        records++;
        if (!metadata.hasOffset()) {
            return;
        }
        bytes += Math.max(0, metadata.serializedKeySize()) + Math.max(0, metadata.serializedValueSize());
        while (partitions.size() <= metadata.partition()) {
            partitions.add(null);
        }
        DeliveryStats.ToPartition before = partitions.get(metadata.partition());
        long offset = metadata.offset();
        partitions.set(
                metadata.partition(),
                before == null ? new DeliveryStats.ToPartition(1, offset, offset) : before.and(offset));
    }

    /** Whether the record was rejected for its own content, whatever becomes of others. */
    public static boolean isTheRecordsOwn(@Nullable Exception fault) {
        return fault instanceof RecordTooLargeException
                || fault instanceof InvalidRecordException
                || fault instanceof InvalidTimestampException;
    }

    /** Whether the record was rejected only for another record of its batch; the client has no class for this. */
    private static boolean isBatchMate(@Nullable Exception fault) {
        return fault != null
                && fault.getClass().equals(KafkaException.class)
                && String.valueOf(fault.getMessage()).startsWith(BATCH_MATE);
    }

    /** Counts a record as failed that was not sent, since the topic does not take it. */
    public synchronized void refused() {
        failed++;
    }

    public synchronized long decided() {
        return records + failed;
    }

    /** What went wrong first, or null. */
    @Nullable
    public Exception fault() {
        return fault;
    }

    /** What went wrong first that is no fault of one record alone, or null. */
    @Nullable
    Exception end() {
        return end;
    }

    public synchronized DeliveryStats delivered() {
        SortedMap<Integer, DeliveryStats.ToPartition> used = new TreeMap<>();
        for (int partition = 0; partition < partitions.size(); partition++) {
            DeliveryStats.ToPartition to = partitions.get(partition);
            if (to != null) {
                used.put(partition, to);
            }
        }
        return new DeliveryStats(records, failed, bytes, used);
    }
}
