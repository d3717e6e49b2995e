package dev.kstage.cli;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Suggests names for an unknown option or command: the nearest names by edit distance. */
final class Suggestions {
    private static final int LONGEST_WORD = 40;
    private static final int LEAST_PREFIX = 4;

    private Suggestions() {}

    /** The nearest names; empty if none is near. */
    static List<String> of(ParameterException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        if (e instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().isEmpty()
                    ? ""
                    : unmatched.getUnmatched().get(0);
            return word.startsWith("-") ? nearest(optionOf(word), options(command)) : nearest(word, commands(command));
        }
        // `help` names a command as its argument.
        return e.getArgSpec() == null && e.getValue() != null ? nearest(e.getValue(), commands(command)) : List.of();
    }

    private static String optionOf(String word) {
        int equals = word.indexOf('=');
        return equals < 0 ? word : word.substring(0, equals);
    }

    private static List<String> options(CommandSpec command) {
        return command.options().stream()
                .filter(option -> !option.hidden())
                .flatMap(option -> Stream.of(option.names()))
                .filter(name -> name.startsWith("--"))
                .toList();
    }

    private static List<String> commands(CommandSpec command) {
        return command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(spec -> !spec.usageMessage().hidden())
                .map(CommandSpec::name)
                .toList();
    }

    /** The names at the least distance, at most a third of the length; else names that start with {@code word}. */
    static List<String> nearest(String word, Collection<String> names) {
        if (word.length() > LONGEST_WORD) {
            return List.of();
        }
        String lower = word.toLowerCase(Locale.ROOT);
        int most = Math.max(1, lower.replace("-", "").length() / 3);
        int least = names.stream().mapToInt(name -> distance(lower, name)).min().orElse(Integer.MAX_VALUE);
        return names.stream()
                .filter(name -> least <= most
                        ? distance(lower, name) == least
                        : lower.length() >= LEAST_PREFIX && name.startsWith(lower))
                .sorted()
                .distinct()
                .toList();
    }

    /** The edit distance: letters to insert, remove, replace or swap with the next one. */
    static int distance(String from, String to) {
        int[] before = new int[to.length() + 1];
        int[] last = IntStream.rangeClosed(0, to.length()).toArray();
        for (int i = 1; i <= from.length(); i++) {
            int[] now = new int[to.length() + 1];
            now[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                now[j] = Math.min(Math.min(now[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    now[j] = Math.min(now[j], before[j - 2] + 1);
                }
            }
            before = last;
            last = now;
        }
        return last[to.length()];
    }
}
