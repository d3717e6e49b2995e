package dev.kstage.sink.console;

/** The reader of standard output has closed it, as {@code head} does. This ends a run silently; it is no failure. */
public final class BrokenPipe extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BrokenPipe(Throwable cause) {
        super("standard output was closed", cause);
    }
}
