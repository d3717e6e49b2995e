package dev.kstage.report;

/**
 * The progress of a running stage. One thread writes it, and others may read it at any time. A write is a plain
 * store, so it is cheap enough for each batch.
 */
public final class StageProgress {
    /** The number is not known. */
    public static final long UNKNOWN = -1;

    private volatile long records;
    private volatile long goal = UNKNOWN;
    private volatile long lag = UNKNOWN;
    private volatile String waitingFor = "";

    /** The number of records read so far. */
    public void records(long number) {
        records = number;
    }

    public long records() {
        return records;
    }

    /** The number of records that the run will have read at its end, or {@link #UNKNOWN}. */
    public void goal(long number) {
        goal = number;
    }

    public long goal() {
        return goal;
    }

    /** The lag: the number of records before the end of the source, or {@link #UNKNOWN}. */
    public void lag(long number) {
        lag = number;
    }

    public long lag() {
        return lag;
    }

    /** What the run waits for now, as the end of a sentence; empty if it does not wait. */
    public void waitingFor(String what) {
        waitingFor = what;
    }

    public String waitingFor() {
        return waitingFor;
    }
}
