package dev.kstage.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What became of the records of one transaction. The client calls it from its network thread and, for
 * a record that it refuses at once, from the sending thread.
 */
final class Acknowledgements implements Callback {
    private final List<Delivered.@Nullable ToPartition> partitions = new ArrayList<>();
    private long records;
    private long failed;
    private long bytes;
    private volatile @Nullable Exception fault;

    @Override
    public synchronized void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception thrown) {
        if (thrown != null || metadata == null) {
            failed++;
            fault = fault == null ? thrown : fault;
            return;
        }
        records++;
        bytes += Math.max(0, metadata.serializedKeySize()) + Math.max(0, metadata.serializedValueSize());
        while (partitions.size() <= metadata.partition()) {
            partitions.add(null);
        }
        Delivered.ToPartition before = partitions.get(metadata.partition());
        long offset = metadata.offset();
        partitions.set(
                metadata.partition(),
                before == null ? new Delivered.ToPartition(1, offset, offset) : before.and(offset));
    }

    synchronized long decided() {
        return records + failed;
    }

    /** What went wrong first, or null. */
    @Nullable
    Exception fault() {
        return fault;
    }

    synchronized Delivered delivered() {
        SortedMap<Integer, Delivered.ToPartition> used = new TreeMap<>();
        for (int partition = 0; partition < partitions.size(); partition++) {
            Delivered.ToPartition to = partitions.get(partition);
            if (to != null) {
                used.put(partition, to);
            }
        }
        return new Delivered(records, failed, bytes, used);
    }
}
