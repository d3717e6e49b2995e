package dev.kstage.report;

import org.jspecify.annotations.Nullable;

/**
 * An expected error with three lines: what failed, why, and what to do. Every package throws it; one class of the
 * command line turns it into a message and an exit code.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What the caller can do about a failure. Each kind has one exit code. */
    public enum Kind {
        /** The run failed, and the same command would fail again. */
        FAILED,
        /** The command, an option or a configuration is wrong. */
        USAGE,
        /** Everything ran, but a check failed. */
        CHECK,
        /** The cluster or a resource was not available. The same command may succeed later. */
        TEMPORARY
    }

    private final Kind kind;
    private final String why;
    private final String remedy;

    /**
     * @param kind what the caller can do
     * @param what one line: what failed
     * @param why one line: the reason
     * @param remedy one line: what the user can do
     */
    public Failure(Kind kind, String what, String why, String remedy) {
        this(kind, what, why, remedy, null);
    }

    /** A failure with the {@code cause} for a stack trace under {@code -vv}. */
    public Failure(Kind kind, String what, String why, String remedy, @Nullable Throwable cause) {
        super(what, cause);
        this.kind = kind;
        this.why = why;
        this.remedy = remedy;
    }

    public Kind kind() {
        return kind;
    }

    /** What failed, in one line. */
    public String what() {
        return String.valueOf(getMessage());
    }

    /** The reason, in one line. */
    public String why() {
        return why;
    }

    /** What the user can do, in one line. */
    public String remedy() {
        return remedy;
    }
}
