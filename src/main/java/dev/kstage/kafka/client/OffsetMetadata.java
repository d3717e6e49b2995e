package dev.kstage.kafka.client;

import dev.kstage.record.Origin;

/**
 * What kstage writes as the metadata of committed offsets. It tells apart the offsets of different sinks, and those of
 * other applications, which have other metadata.
 */
public final class OffsetMetadata {
    private static final String SINK = "kstage:";
    private static final String SOURCE = "kstage-source:";

    private OffsetMetadata() {}

    /** Of an offset that belongs to a sink. */
    public static String of(String sinkId) {
        return SINK + sinkId;
    }

    /** Of an offset that belongs to a sink, with the number of partitions that the source had when the sink was created. */
    public static String of(String sinkId, int initialPartitions) {
        return of(sinkId) + ":" + initialPartitions;
    }

    /** The number of partitions that {@link #of(String, int)} was given, or -1. */
    public static int initialPartitions(String metadata) {
        String[] parts = metadata.split(":", -1);
        return parts.length == 3 && parts[2].matches("\\d{1,9}") ? Integer.parseInt(parts[2]) : -1;
    }

    /** Whether the offset belongs to a sink of kstage. */
    public static boolean isOurs(String metadata) {
        return metadata.startsWith(SINK);
    }

    /** Whether the offset belongs to another sink of kstage. */
    public static boolean isOfAnotherSink(String metadata, String sinkId) {
        return isOurs(metadata)
                && !metadata.substring(SINK.length()).split(":", -1)[0].equals(sinkId);
    }

    /** Of the offset that only records which topic a group reads, and is no position. */
    public static String ofSource(Origin origin) {
        return SOURCE + origin.id() + ":" + origin.name();
    }

    /** Whether the offset only records which topic a group reads. */
    public static boolean isSource(String metadata) {
        return metadata.startsWith(SOURCE);
    }

    /** The topic that {@link #ofSource} was given. */
    public static String sourceName(String metadata) {
        return metadata.substring(metadata.indexOf(':', SOURCE.length()) + 1);
    }
}
