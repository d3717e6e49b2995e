package dev.kstage.cli;

import dev.kstage.report.Failure;
import dev.kstage.report.Failure.Kind;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Maps an invalid command line to a failure, without words that may be secret. */
final class UsageFailure {
    private static final String PROPERTY = "-X";

    private UsageFailure() {}

    static Failure of(ParameterException e, String... arguments) {
        List<String> suggestions = Suggestions.of(e);
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        return new Failure(
                Kind.USAGE,
                "the command line is not valid",
                e instanceof UnmatchedArgumentException unmatched
                        ? reason(unmatched, arguments)
                        : reason(String.valueOf(e.getMessage())),
                (suggestions.isEmpty() ? "" : "did you mean " + String.join(" or ", suggestions) + "? ") + "`" + command
                        + " --help` shows commands and options");
    }

    /** An unknown option is shown without its value. Other words are not shown if they may belong to a property. */
    private static String reason(UnmatchedArgumentException e, String... arguments) {
        List<String> unmatched = e.getUnmatched();
        String first = unmatched.isEmpty() ? "" : unmatched.get(0);
        boolean hasCommands = !e.getCommandLine().getSubcommands().isEmpty();
        if (first.startsWith("--")) {
            int equals = first.indexOf('=');
            return "unknown option: " + (equals < 0 ? first : first.substring(0, equals));
        }
        if (first.startsWith("-") && first.length() > 1) {
            return "unknown option: " + first.substring(0, 2);
        }
        boolean mayBeSecret = Stream.of(arguments).anyMatch(each -> each.startsWith(PROPERTY));
        if (mayBeSecret) {
            return "there is an unexpected argument; write a property as one argument, as in -X KEY=VALUE";
        }
        return (hasCommands ? "unknown command: " : "unexpected argument: ") + first;
    }

    private static String reason(String message) {
        return message.lines()
                .findFirst()
                .orElse("")
                .replaceAll("^Invalid value for ", "invalid ")
                .replaceAll("\\boption option\\b", "option")
                .replaceAll("(should be in KEY=VALUE format) but was .*", "$1")
                .replaceAll("is not an? (int|long|short)$", "is not a whole number")
                .replaceAll("is not a double$", "is not a number");
    }
}
