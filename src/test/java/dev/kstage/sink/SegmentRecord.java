package dev.kstage.sink;

import dev.kstage.record.Bytes;
import dev.kstage.record.Record;
import java.util.List;

/** A record of a partition at an offset. */
public final class SegmentRecord {
    private SegmentRecord() {}

    public static Record of(int partition, long offset, String value) {
        return new Record(partition, offset, 1_767_225_600_000L, null, Bytes.of(value), List.of());
    }
}
