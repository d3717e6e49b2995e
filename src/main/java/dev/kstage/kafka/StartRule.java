package dev.kstage.kafka;

import java.time.Instant;

/** Where a first run starts in each partition. An offset outside of what is there means its nearest end. */
public sealed interface StartRule {
    /** The first record that is still there. */
    record Earliest() implements StartRule {}

    /** Only what comes from now on. */
    record Latest() implements StartRule {}

    /** The same offset in every partition. */
    record AtOffset(long offset) implements StartRule {}

    /** The last records of every partition. */
    record Last(long records) implements StartRule {}

    /** The first record with this time or a later one. */
    record Since(Instant time) implements StartRule {}
}
