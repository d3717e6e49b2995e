package dev.kstage.record;

import org.jspecify.annotations.Nullable;

/**
 * A row that was read from a destination.
 *
 * @param partition the partition of the source, or {@link Record#UNSET} if the destination does not store it
 * @param in the scope of the number, such as {@code line} or {@code partition 0, offset}
 * @param number the line or offset of the row
 * @param value null if only the row itself is stored
 * @param key null if the destination stores no keys
 * @param fault how the row contradicts its own value, for a person; null if it does not
 */
public record StoredRow(
        int partition,
        String in,
        long number,
        @Nullable Bytes value,
        @Nullable Key key,
        @Nullable String fault) {
    /** A row of a destination that stores no keys. */
    public StoredRow(int partition, String in, long number, @Nullable Bytes value) {
        this(partition, in, number, value, null, null);
    }

    /** The key of a record; {@code bytes} is null for a record without a key. */
    public record Key(@Nullable Bytes bytes) {
        /** For a person. */
        @Override
        public String toString() {
            return bytes == null ? "no key" : "key \"" + bytes + "\"";
        }
    }

    /** The location of the row, for a person. */
    public String where() {
        return in + " " + number;
    }
}
