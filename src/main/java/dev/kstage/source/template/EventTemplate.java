package dev.kstage.source.template;

import dev.kstage.record.Bytes;

/**
 * A kind of made-up event. Event <i>i</i> depends on the seed and on <i>i</i> alone, in every release:
 * that is how a run is continued where it stopped and how a verdict knows what should be stored.
 * Not safe for use by several threads.
 */
public interface EventTemplate {
    /** An event: its key and its value, one JSON object. */
    record Event(Bytes key, Bytes value) {}

    /** Its name on the command line. */
    String name();

    /** The event with this index, from 0; cheapest in ascending order. */
    Event event(long index);

    /** The index of the event that this value claims to be, or -1 if it claims none; the rest may be altered. */
    long indexOf(byte[] value, int from, int to);
}
