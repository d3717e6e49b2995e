package dev.kstage.verify;

/** What can be wrong with a store. */
public enum Finding {
    /** An event that is not stored, though the place has read past it. */
    LOST("lost"),
    /** An event that is not stored, and that the place has not read yet. */
    NOT_CONSUMED_YET("notConsumedYet"),
    /** A row beyond the first of its event. */
    DUPLICATED("duplicated"),
    /** A row that differs from the event that it claims to be. */
    MISMATCHED("mismatched"),
    /** A row that stands after a later event of its key or partition. */
    REORDERED("reordered"),
    /** A row that is no event of the run. */
    FOREIGN("foreign"),
    /** A file of the place that is not as the place itself says that it is. */
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
