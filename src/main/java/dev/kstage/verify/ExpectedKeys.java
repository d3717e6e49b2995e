package dev.kstage.verify;

import dev.kstage.record.Bytes;
import dev.kstage.record.Record;
import org.jspecify.annotations.Nullable;

/** The keys that a run gave to what it sent. */
@FunctionalInterface
public interface ExpectedKeys {
    /** Those that the events have by themselves. */
    ExpectedKeys OWN = Record::key;

    /** Whether the record was sent at all. */
    default boolean isSent(Record record) {
        return true;
    }

    /** The key that was sent for a record, or null for none. */
    @Nullable
    Bytes of(Record record);
}
