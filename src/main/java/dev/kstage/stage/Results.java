package dev.kstage.stage;

import dev.kstage.record.DeadLetter;
import dev.kstage.record.Record;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a transform made of the records between two commits. */
public final class Results {
    private final List<Record> records = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private long filtered;
    private long bytes;

    /** This record is to be stored. */
    public void store(Record record) {
        records.add(record);
        bytes += record.size();
    }

    /** This record goes to the dead letters, for the reason given. */
    public void reject(Record record, String reason) {
        deadLetters.add(new DeadLetter(record, reason));
        bytes += record.size();
    }

    /** A record is left out on purpose. */
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

    /** Takes the dead letter back, if there is one: it is as if its record had not been seen. */
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

    /** The bytes of all keys and values held. */
    public long bytes() {
        return bytes;
    }

    /** How many records were read for these results. */
    public long read() {
        return records.size() + deadLetters.size() + filtered;
    }
}
