package dev.kstage.verify;

import dev.kstage.record.StoredRow;
import org.jspecify.annotations.Nullable;

/**
 * The events of a run, numbered from 0; recognises stored values. Each event is recognised once: of events with equal
 * values, each call finds another one.
 */
public interface ExpectedRecords {
    /** The value is no event of the run. */
    int NONE = -1;

    /** The number of events. */
    int count();

    /** The number of the event that this value is or claims to be, or {@link #NONE}. */
    int recognise(byte[] value);

    /** Whether the value equals the event, byte for byte. */
    boolean isIntact(int event, byte[] value);

    /**
     * The key of the event; null if it is not known.
     *
     * @param value the value of the event
     */
    StoredRow.@Nullable Key key(int event, byte[] value);

    /**
     * The lane in which the event keeps its order, such as its key; null if no order is promised or known.
     *
     * @param partition the partition of the source, or {@link dev.kstage.record.Record#UNSET}
     */
    @Nullable
    Object lane(int event, int partition);

    /** The rank of an event in its lane: higher for a later event. */
    long rank(int event);

    /** The kind of lane: key or partition. */
    String laneName();

    /** The name of the event for a person, such as {@code event 17}. */
    String name(int event);
}
