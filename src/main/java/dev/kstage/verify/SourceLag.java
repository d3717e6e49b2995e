package dev.kstage.verify;

import dev.kstage.record.StoredRows;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a place has still to read of its source; asked only if something is missing there. */
public interface SourceLag {
    /** No source: what is missing is lost. */
    SourceLag NONE = (reached, use) -> null;

    /**
     * Hands over the value of every record at or behind the place's position, null for one without.
     *
     * @return why that can't be told, in one line; null if all were handed over
     */
    @Nullable
    String forEach(StoredRows.Reached reached, Consumer<byte @Nullable []> use);
}
