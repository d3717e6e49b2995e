package dev.kstage.stage;

import dev.kstage.record.Record;

/** Checks or changes a record between source and sink. It must not keep state that a restart would lose. */
@FunctionalInterface
public interface Transform {
    /** Stores every record unchanged. */
    Transform NONE = (record, results) -> results.store(record);

    /** Stores, rejects or filters the record: exactly one of these. */
    void apply(Record record, Results results);
}
