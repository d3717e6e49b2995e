package dev.kstage.verify;

import dev.kstage.record.StoredRows;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The records that a destination has not read from its source yet; read only if events are missing. */
public interface SourceLag {
    /** No source: every missing event is lost. */
    SourceLag NONE = (reached, use) -> null;

    /**
     * Passes the value of every record from the destination's position on to {@code use}; null for a record without a
     * value.
     *
     * @return why this is not possible, in one line; null if all were passed
     */
    @Nullable
    String forEach(StoredRows.Reached reached, Consumer<byte @Nullable []> use);
}
