package dev.kstage.sink.console;

/** Whoever read standard output has closed it, as {@code head} does: a quiet end, not a failure. */
public final class BrokenPipe extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BrokenPipe(Throwable cause) {
        super("standard output was closed", cause);
    }
}
