package dev.kstage.stage;

import dev.kstage.record.DeadLetter;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import java.util.List;

/**
 * What one poll of a source gave.
 *
 * @param records in order within each partition; may be empty
 * @param to where each partition of this run stands after them; it may be past the last record, since
 *     transaction markers and compaction leave offsets without a record
 * @param deadLetters what the source itself found unfit to be stored; not among the records
 */
public record Batch(List<Record> records, Positions to, List<DeadLetter> deadLetters) {
    /** All of it is fit. */
    public Batch(List<Record> records, Positions to) {
        this(records, to, List.of());
    }

    /** How many records were read for it. */
    public int read() {
        return records.size() + deadLetters.size();
    }
}
