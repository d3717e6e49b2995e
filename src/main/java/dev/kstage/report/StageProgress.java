package dev.kstage.report;

/**
 * What a running stage shows of itself. One thread sets it, another may read it at any time; setting
 * costs a plain store, so it may stand on the path of each batch.
 */
public final class StageProgress {
    /** A number that is not known. */
    public static final long UNKNOWN = -1;

    private volatile long records;
    private volatile long goal = UNKNOWN;
    private volatile long lag = UNKNOWN;
    private volatile String waitingFor = "";

    /** How many records were read so far. */
    public void records(long number) {
        records = number;
    }

    public long records() {
        return records;
    }

    /** How many records the run will have read at its end, or {@link #UNKNOWN}. */
    public void goal(long number) {
        goal = number;
    }

    public long goal() {
        return goal;
    }

    /** How many records lie before the end of the source (the lag), or {@link #UNKNOWN}. */
    public void lag(long number) {
        lag = number;
    }

    public long lag() {
        return lag;
    }

    /** What the run waits for now, as the rest of a sentence; empty when it does not wait. */
    public void waitingFor(String what) {
        waitingFor = what;
    }

    public String waitingFor() {
        return waitingFor;
    }
}
