package dev.kstage.sink;

import dev.kstage.stage.Bytes;
import dev.kstage.stage.Record;
import java.util.List;

/** A record of a partition at an offset. */
final class SegmentRecord {
    private SegmentRecord() {}

    static Record of(int partition, long offset, String value) {
        return new Record(partition, offset, 1_767_225_600_000L, null, Bytes.of(value), List.of());
    }
}
