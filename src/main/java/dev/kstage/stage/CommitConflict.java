package dev.kstage.stage;

/**
 * Another process has moved the position of a partition of this run, or has taken it over. Nothing of
 * the open batch is stored; the run goes on from the position in the sink.
 */
public final class CommitConflict extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean hasProgress;

    /** @param how one line: what was found instead of the expected position */
    public CommitConflict(String how) {
        super(how);
        this.hasProgress = false;
    }

    private CommitConflict(String how, Throwable cause, boolean hasProgress) {
        super(how, cause);
        this.hasProgress = hasProgress;
    }

    /** One that no other process caused: this run knows more now than before, so the next try may succeed. */
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
