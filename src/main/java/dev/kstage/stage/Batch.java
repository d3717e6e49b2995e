package dev.kstage.stage;

import dev.kstage.record.DeadLetter;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import java.util.List;

/**
 * The result of one poll of a source.
 *
 * @param records in order within each partition; may be empty
 * @param to the next position of each partition after these records. It may be past the last record, because
 *     transaction markers and compaction leave offsets without a record.
 * @param deadLetters records that the source itself rejected; they are not in {@code records}
 */
public record Batch(List<Record> records, Positions to, List<DeadLetter> deadLetters) {
    /** A batch without rejected records. */
    public Batch(List<Record> records, Positions to) {
        this(records, to, List.of());
    }

    /** The number of records read for this batch. */
    public int read() {
        return records.size() + deadLetters.size();
    }
}
