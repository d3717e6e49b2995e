package dev.kstage.kafka.producer;

import dev.kstage.record.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Which partition a record goes to where kstage itself has to say, so that a second run says the same. */
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
