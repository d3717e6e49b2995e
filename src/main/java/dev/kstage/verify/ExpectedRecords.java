package dev.kstage.verify;

import dev.kstage.record.StoredRow;
import org.jspecify.annotations.Nullable;

/**
 * What a run of stage 1 produced, by which a stored value is recognised. Events are numbered from 0.
 * Recognising takes: of events with equal values each is found once.
 */
public interface ExpectedRecords {
    /** No event of the run. */
    int NONE = -1;

    /** How many events it has. */
    int count();

    /** The event that this value is or claims to be, or {@link #NONE}. */
    int recognise(byte[] value);

    /** Whether the value is the event's, byte for byte. */
    boolean isIntact(int event, byte[] value);

    /**
     * The key that the event was sent with; null where that is not known.
     *
     * @param value the event's
     */
    StoredRow.@Nullable Key key(int event, byte[] value);

    /**
     * What the event keeps its order in, such as its key; null where no order is promised or known.
     *
     * @param partition of the source, or {@link dev.kstage.record.Record#UNSET}
     */
    @Nullable
    Object lane(int event, int partition);

    /** Where in its lane an event stands: higher for a later one. */
    long rank(int event);

    /** The kind of lane: key or partition. */
    String laneName();

    /** The event for a person, as in {@code event 17}. */
    String name(int event);
}
