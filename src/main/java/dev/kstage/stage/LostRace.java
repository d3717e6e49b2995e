package dev.kstage.stage;

/**
 * Another run has moved the position of a partition that this one took for its own, or has taken it
 * over: nothing of the open batch is stored, and where to go on stands in the sink.
 */
public final class LostRace extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param how one line: what was found */
    public LostRace(String how) {
        super(how);
    }

    /** The same, keeping the {@code cause}. */
    public LostRace(String how, Throwable cause) {
        super(how, cause);
    }
}
