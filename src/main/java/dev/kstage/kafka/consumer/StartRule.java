package dev.kstage.kafka.consumer;

import java.time.Instant;

/** Where a first run starts in each partition. An offset outside of the partition means the nearest end of it. */
public sealed interface StartRule {
    /** The first record that still exists. */
    public record Earliest() implements StartRule {}

    /** Only new records. */
    public record Latest() implements StartRule {}

    /** The same offset in every partition. */
    public record AtOffset(long offset) implements StartRule {}

    /** The last records of every partition. */
    public record Last(long records) implements StartRule {}

    /** The first record with this time or a later one. */
    public record Since(Instant time) implements StartRule {}
}
