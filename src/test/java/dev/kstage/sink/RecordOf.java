package dev.kstage.sink;

import dev.kstage.record.Bytes;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.stage.Results;
import java.util.List;
import java.util.Map;

/** Records and results in few words. */
public final class RecordOf {
    private RecordOf() {}

    public static Record value(String value) {
        return value(Bytes.of(value));
    }

    public static Record value(Bytes value) {
        return new Record(0, 7, 1_767_225_600_000L, null, value, List.of());
    }

    public static Record tombstone() {
        return new Record(0, 7, 1_767_225_600_000L, null, null, List.of());
    }

    public static Results results(String... values) {
        Results results = new Results();
        for (String value : values) {
            results.store(value(value));
        }
        return results;
    }

    public static Results rejected(Record record) {
        Results results = new Results();
        results.reject(record, "is wrong");
        return results;
    }

    public static Positions at(long next) {
        return Positions.of(Map.of(0, new Position(next, 4)));
    }
}
