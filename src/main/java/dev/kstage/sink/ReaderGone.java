package dev.kstage.sink;

/** Whoever read standard output has closed it, as {@code head} does: a quiet end, not a failure. */
public final class ReaderGone extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ReaderGone(Throwable cause) {
        super("standard output was closed", cause);
    }
}
