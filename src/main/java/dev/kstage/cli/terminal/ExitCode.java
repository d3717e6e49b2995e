package dev.kstage.cli.terminal;

import dev.kstage.report.Failure;

/** The exit codes of the process. After a signal, it is 128 + the signal's number. */
public final class ExitCode {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int CHECK = 3;
    public static final int TEMPORARY = 4;

    private ExitCode() {}

    /** The exit code of a failure. */
    public static int of(Failure.Kind kind) {
        return switch (kind) {
            case FAILED -> FAILED;
            case USAGE -> USAGE;
            case CHECK -> CHECK;
            case TEMPORARY -> TEMPORARY;
        };
    }
}
