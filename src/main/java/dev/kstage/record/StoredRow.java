package dev.kstage.record;

import org.jspecify.annotations.Nullable;

/**
 * One row of a place, read back.
 *
 * @param partition the partition of the source that it came from, or {@link Record#UNSET} where the place does
 *     not tell
 * @param in where its number counts, as in {@code line} or {@code partition 0, offset}
 * @param number its number there
 * @param value absent where nothing is stored but the row itself
 * @param key null where the place keeps no keys
 * @param fault what of the row is not as its own value says, for a person; null if nothing is
 */
public record StoredRow(
        int partition,
        String in,
        long number,
        @Nullable Bytes value,
        @Nullable Key key,
        @Nullable String fault) {
    /** A row of a place that keeps no keys. */
    public StoredRow(int partition, String in, long number, @Nullable Bytes value) {
        this(partition, in, number, value, null, null);
    }

    /** The key of a record, which may be that it has none. */
    public record Key(@Nullable Bytes bytes) {
        /** For a person. */
        @Override
        public String toString() {
            return bytes == null ? "no key" : "key \"" + bytes + "\"";
        }
    }

    /** Where it stands, for a person. */
    public String where() {
        return in + " " + number;
    }
}
