package dev.kstage.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record on its way from a source to a sink.
 *
 * @param partition its partition, or {@link #UNSET} where the sink is to choose one
 * @param offset its place in its partition of the source (of a file: the line, from 1)
 * @param timestamp milliseconds since 1970 UTC, or {@link #UNSET} where the sink is to set it
 * @param key absent where the record has none
 * @param value absent in a tombstone
 */
// The field's own word; java.lang.Record is never named in this code.
@SuppressWarnings("JavaLangClash")
public record Record(
        int partition,
        long offset,
        long timestamp,
        @Nullable Bytes key,
        @Nullable Bytes value,
        List<Header> headers) {
    /** What stands for a partition or a timestamp that is not chosen. */
    public static final int UNSET = -1;

    /** The bytes of key and value together. */
    public int size() {
        return (key == null ? 0 : key.length()) + (value == null ? 0 : value.length());
    }
}
