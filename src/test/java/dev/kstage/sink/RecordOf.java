package dev.kstage.sink;

import dev.kstage.stage.Bytes;
import dev.kstage.stage.Position;
import dev.kstage.stage.Positions;
import dev.kstage.stage.Record;
import dev.kstage.stage.Results;
import java.util.List;
import java.util.Map;

/** Records and results in few words. */
final class RecordOf {
    private RecordOf() {}

    static Record value(String value) {
        return value(Bytes.of(value));
    }

    static Record value(Bytes value) {
        return new Record(0, 7, 1_767_225_600_000L, null, value, List.of());
    }

    static Record tombstone() {
        return new Record(0, 7, 1_767_225_600_000L, null, null, List.of());
    }

    static Results results(String... values) {
        Results results = new Results();
        for (String value : values) {
            results.store(value(value));
        }
        return results;
    }

    static Results rejected(Record record) {
        Results results = new Results();
        results.reject(record, "is wrong");
        return results;
    }

    static Positions at(long next) {
        return Positions.of(Map.of(0, new Position(next, 4)));
    }
}
