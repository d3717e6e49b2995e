package dev.kstage.verify.read;

import dev.kstage.record.DeadLetter;
import dev.kstage.record.Record;
import dev.kstage.sink.jdbc.read.DeadLetterRow;
import dev.kstage.sink.jdbc.read.StoredDatabase;
import dev.kstage.sink.jdbc.schema.TableName;
import dev.kstage.stage.DeadLetters;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads dead-letter records from a table of a database. */
public final class DeadLetterTable implements DeadLetters {
    private final StoredDatabase database;
    private final StoredDatabase.Store store;
    private final @Nullable TableName table;

    /** The dead-letter records of a table of results; none if no dead-letter table is known. */
    public DeadLetterTable(StoredDatabase database, StoredDatabase.Store store) {
        this.database = database;
        this.store = store;
        this.table = store.deadLetters();
    }

    @Override
    public String place() {
        return table == null
                ? "table " + store.table() + " of " + database.displayName()
                : "table " + table + " of " + database.displayName();
    }

    /** A database can have several names, but its sink has one id. */
    @Override
    public String identity() {
        return store.id() == null ? place() : "sink " + store.id() + ", table " + table;
    }

    @Override
    public void forEach(Consumer<Kept> use) {
        if (table != null) {
            DeadLetterRow.forEach(database, table, deadLetter -> use.accept(kept(deadLetter)));
        }
    }

    private Kept kept(DeadLetterRow deadLetter) {
        String where = "row " + deadLetter.partition() + ":" + deadLetter.offset() + " of " + place();
        Record record = new Record(
                deadLetter.partition(),
                deadLetter.offset(),
                deadLetter.timestamp(),
                deadLetter.key(),
                deadLetter.value(),
                DeadLetterLines.headers(deadLetter.headers(), where));
        return new Kept(deadLetter.topic(), new DeadLetter(record, deadLetter.reason()));
    }
}
