package dev.kstage.kafka.producer;

import dev.kstage.record.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the partition of a record as Kafka's Java client does, where kstage has to choose it, so that a second run
 * chooses the same.
 */
public final class JavaPartitioner {
    private JavaPartitioner() {}

    /**
     * @param key goes where Kafka's Java client sends it by default: by the murmur2 hash
     * @param otherwise what counts for a record without a key, from 0
     * @param partitions how many there are
     */
    public static int partition(@Nullable Bytes key, long otherwise, int partitions) {
        return key == null
                ? (int) Math.floorMod(otherwise, (long) partitions)
                : Utils.toPositive(Utils.murmur2(key.array())) % partitions;
    }
}
