package dev.kstage.kafka;

/**
 * The consumer group in which a run shows how far it is.
 *
 * @param group its id
 * @param sinkId the sink whose position it shows; a group shows the position of one sink only
 * @param resumes whether the group's offsets are also where a run goes on, since the sink owns no
 *     position
 */
public record GroupMark(String group, String sinkId, boolean resumes) {
    private static final String PREFIX = "kstage:";

    /** What stands in the metadata of an offset commit. */
    String metadata() {
        return PREFIX + sinkId;
    }

    /** Whether an offset with this metadata was committed by kstage at all. */
    static boolean isOurs(String metadata) {
        return metadata.startsWith(PREFIX);
    }

    /** Whether an offset with this metadata shows the position of another sink of kstage. */
    boolean isOfAnotherSink(String metadata) {
        return metadata.startsWith(PREFIX) && !metadata.equals(metadata());
    }
}
