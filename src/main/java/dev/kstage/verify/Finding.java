package dev.kstage.verify;

/** The kinds of errors in a destination. */
public enum Finding {
    /** An event that is not stored, although the destination has read past it. */
    LOST("lost"),
    /** An event that is not stored, and that the destination has not read yet. */
    NOT_CONSUMED_YET("notConsumedYet"),
    /** A second or later row of the same event. */
    DUPLICATED("duplicated"),
    /** A row that differs from the event that it claims to be. */
    MISMATCHED("mismatched"),
    /** A row that is stored after a later event of the same key or partition. */
    REORDERED("reordered"),
    /** A row that is no event of the run. */
    FOREIGN("foreign"),
    /** A file of the destination that contradicts the metadata of the destination. */
    DAMAGED("damaged");

    private final String key;

    Finding(String key) {
        this.key = key;
    }

    /** Its name in a report. */
    public String key() {
        return key;
    }
}
