package dev.kstage.record;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a place holds, read back as any other program would read it: for whoever checks a sink, and so
 * with no code of the sink.
 */
public interface StoredRows {
    /**
     * How far the place says that its source was read.
     *
     * @param topic the source; null if the place does not say, or if it is a source itself
     * @param positions the next offset of each partition; one without an entry was never read
     * @param uncommitted bytes that are in view and not committed: a run is at work, or was killed, and
     *     the next one cuts them off
     */
    record Reached(@Nullable Origin topic, Positions positions, long uncommitted) {
        /** A place that has no position, as a topic that is read by itself. */
        public static final Reached NOTHING_TOLD = new Reached(null, Positions.NONE, 0);
    }

    /**
     * @throws dev.kstage.report.Failure if it can't be read
     */
    Reached reached();

    /**
     * Hands over every committed row, in the order of each partition.
     *
     * @param faults told, for a person, where the place contradicts itself; what can be read of it is handed
     *     over all the same
     * @throws dev.kstage.report.Failure if they can't be read
     */
    void forEach(Consumer<StoredRow> use, Consumer<String> faults);
}
