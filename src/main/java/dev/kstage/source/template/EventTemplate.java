package dev.kstage.source.template;

import dev.kstage.record.Bytes;

/**
 * A kind of generated event. Event <i>i</i> depends only on the seed and on <i>i</i>, in every release. So a run can
 * continue where it stopped, and {@code verify} knows what should be stored. Not thread-safe.
 */
public interface EventTemplate {
    /** A generated event: its key, and its value, which is one JSON object. */
    record Event(Bytes key, Bytes value) {}

    /** Its name on the command line. */
    String name();

    /** The event with this index, from 0; fastest in ascending order. */
    Event event(long index);

    /** The index that this value contains, or -1 if it contains none. The rest of the value may be corrupt. */
    long indexOf(byte[] value, int from, int to);
}
