package dev.kstage.stage;

/**
 * Another run has moved the position of a partition that this one took for its own, or has taken it
 * over: nothing of the open batch is stored, and where to go on stands in the sink.
 */
public final class CommitConflict extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean hasProgress;

    /** @param how one line: what was found */
    public CommitConflict(String how) {
        super(how);
        this.hasProgress = false;
    }

    private CommitConflict(String how, Throwable cause, boolean hasProgress) {
        super(how, cause);
        this.hasProgress = hasProgress;
    }

    /** One that is not lost to anybody: more is known now than before, so that another try may be the last. */
    public static CommitConflict withProgress(String how, Throwable cause) {
        return new CommitConflict(how, cause, true);
    }

    boolean hasProgress() {
        return hasProgress;
    }

    /** The same, keeping the {@code cause}. */
    public CommitConflict(String how, Throwable cause) {
        this(how, cause, false);
    }
}
