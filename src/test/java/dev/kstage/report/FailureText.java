package dev.kstage.report;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a failure tells a person, as text to compare. */
public final class FailureText {
    private FailureText() {}

    /** Kind, what, why and remedy of the failure that {@code action} ends with, a line each. */
    public static String by(ThrowingCallable action) {
        Failure failure = Objects.requireNonNull(catchThrowableOfType(Failure.class, action), "it did not fail at all");
        return failure.kind() + ": " + failure.what() + "\n" + failure.why() + "\n" + failure.remedy() + "\n";
    }

    /** The same, with {@code DIR} in place of the directory of the test. */
    public static String by(Path directory, ThrowingCallable action) {
        return by(action).replace(directory.toString(), "DIR");
    }
}
