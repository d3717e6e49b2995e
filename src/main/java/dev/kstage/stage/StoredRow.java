package dev.kstage.stage;

import org.jspecify.annotations.Nullable;

/**
 * One row of a place, read back.
 *
 * @param partition the partition of the source that it came from, or {@link Record#UNSET} where the place does
 *     not tell
 * @param in where its number counts, as in {@code line} or {@code partition 0, offset}
 * @param number its number there
 * @param value absent where nothing is stored but the row itself
 */
public record StoredRow(
        int partition, String in, long number, @Nullable Bytes value) {
    /** Where it stands, for a person. */
    public String where() {
        return in + " " + number;
    }
}
