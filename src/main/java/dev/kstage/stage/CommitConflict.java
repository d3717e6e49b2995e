package dev.kstage.stage;

/**
 * A commit failed because another process has changed the stored offsets of a partition, or has taken the partition
 * over. Nothing of the open batch is stored. The run continues from the offsets in the sink.
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

    /**
     * A conflict that no other process caused. This run now knows more than before, so the next attempt may succeed.
     */
    public static CommitConflict withProgress(String how, Throwable cause) {
        return new CommitConflict(how, cause, true);
    }

    boolean hasProgress() {
        return hasProgress;
    }

    /** A conflict with the {@code cause} for a stack trace. */
    public CommitConflict(String how, Throwable cause) {
        this(how, cause, false);
    }
}
