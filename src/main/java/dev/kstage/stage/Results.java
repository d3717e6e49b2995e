package dev.kstage.stage;

import dev.kstage.record.DeadLetter;
import dev.kstage.record.Record;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The output of a transform between two commits. */
public final class Results {
    private final List<Record> records = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private long filtered;
    private long bytes;

    /** Stores this record. */
    public void store(Record record) {
        records.add(record);
        bytes += record.size();
    }

    /** Rejects this record: it becomes a dead-letter record with this reason. */
    public void reject(Record record, String reason) {
        deadLetters.add(new DeadLetter(record, reason));
        bytes += record.size();
    }

    /** Drops a record on purpose. */
    public void filter() {
        filtered++;
    }

    /** The records to store, in the order in which they were read. */
    public List<Record> records() {
        return records;
    }

    public List<DeadLetter> deadLetters() {
        return deadLetters;
    }

    /** Removes and returns the first dead-letter record, if there is one. The counts no longer include it. */
    @Nullable
    DeadLetter takeDeadLetter() {
        if (deadLetters.isEmpty()) {
            return null;
        }
        DeadLetter taken = deadLetters.remove(0);
        bytes -= taken.record().size();
        return taken;
    }

    public long filtered() {
        return filtered;
    }

    /** The total size of all keys and values in these results, in bytes. */
    public long bytes() {
        return bytes;
    }

    /** The number of records that were read for these results. */
    public long read() {
        return records.size() + deadLetters.size() + filtered;
    }
}
