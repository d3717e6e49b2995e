package dev.kstage.record;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the contents of a destination as any other program would. It verifies sinks, so it shares no code with them.
 */
public interface StoredRows {
    /**
     * The stored offsets of a destination.
     *
     * @param topic the source; null if the destination does not store it, or is a source itself
     * @param positions the next offset of each partition; one without an entry was never read
     * @param uncommitted bytes that readers see but that are not committed: a run is active or was killed, and the
     *     next run removes them
     */
    record Reached(@Nullable Origin topic, Positions positions, long uncommitted) {
        /** A destination without stored offsets, such as a topic that is read directly. */
        public static final Reached NOTHING_TOLD = new Reached(null, Positions.NONE, 0);
    }

    /** @throws dev.kstage.report.Failure if it can't be read */
    Reached reached();

    /**
     * Passes every committed row to {@code use}, in the order of each partition.
     *
     * @param faults receives a message, for a person, for each contradiction in the destination; what can be read
     *     there is passed to {@code use} all the same
     * @throws dev.kstage.report.Failure if the rows can't be read
     */
    void forEach(Consumer<StoredRow> use, Consumer<String> faults);
}
