package dev.kstage.verify;

import dev.kstage.record.Bytes;
import dev.kstage.record.Record;
import org.jspecify.annotations.Nullable;

/** The keys of the events of a run. */
@FunctionalInterface
public interface ExpectedKeys {
    /** The events' own keys. */
    ExpectedKeys OWN = Record::key;

    /** Whether the run sent this record. */
    default boolean isSent(Record record) {
        return true;
    }

    /** The key of a sent record, or null for none. */
    @Nullable
    Bytes of(Record record);
}
