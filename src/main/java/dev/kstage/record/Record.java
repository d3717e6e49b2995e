package dev.kstage.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way from a source to a sink.
 *
 * @param partition its partition, or {@link #UNSET} if the sink chooses one
 * @param offset its offset in its partition of the source (for a file: the line, from 1)
 * @param timestamp milliseconds since 1970 UTC, or {@link #UNSET} if the sink sets it
 * @param key null if the record has none
 * @param value null in a tombstone
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
    /** Means that a partition or a timestamp is not set. */
    public static final int UNSET = -1;

    /** The size of key and value, in bytes. */
    public int size() {
        return (key == null ? 0 : key.length()) + (value == null ? 0 : value.length());
    }
}
