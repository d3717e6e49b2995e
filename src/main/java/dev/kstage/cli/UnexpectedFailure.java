package dev.kstage.cli;

import dev.kstage.report.Failure;
import dev.kstage.report.Failure.Kind;
import java.nio.file.InvalidPathException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Maps a throwable that is not a {@link Failure} to one. */
final class UnexpectedFailure {
    private static final int LONGEST_REASON = 400;

    private UnexpectedFailure() {}

    /** The failure itself, the failure that it wraps, or a failure with the message of the JVM or library. */
    static Failure of(Throwable thrown) {
        Throwable e = thrown;
        while ((e instanceof CompletionException || e instanceof ExecutionException) && e.getCause() != null) {
            e = e.getCause();
        }
        if (e instanceof Failure known) {
            return known;
        }
        if (e instanceof InvalidPathException) {
            return new Failure(
                    Kind.USAGE,
                    "a path is not valid",
                    String.valueOf(e.getMessage()),
                    "use characters that this locale supports, or set LC_ALL=C.UTF-8",
                    e);
        }
        if (e instanceof OutOfMemoryError) {
            return new Failure(
                    Kind.FAILED,
                    "out of memory",
                    reason(e),
                    "give Java more memory: set" + " JAVA_TOOL_OPTIONS=-Xmx2g or higher",
                    e);
        }
        if (e instanceof LinkageError) {
            return new Failure(
                    Kind.FAILED,
                    "a class of kstage can't be loaded",
                    reason(e),
                    "run the same command again; if it fails again, build or download kstage.jar again",
                    e);
        }
        return new Failure(Kind.FAILED, "internal error", reason(e), "please report it with the output of -vv", e);
    }

    /** The reason in one short line, because a library's message can have any length. */
    private static String reason(Throwable e) {
        String name = e.getClass().getSimpleName();
        String message = e.getMessage() == null
                ? ""
                : e.getMessage().lines().findFirst().orElse("").strip();
        if (message.isEmpty()) {
            return name;
        }
        return name + ": "
                + (message.length() > LONGEST_REASON ? message.substring(0, LONGEST_REASON) + "..." : message);
    }
}
