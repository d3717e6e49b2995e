package dev.kstage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.report.Json;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** No text is too long: the answer is an error in three lines, soon, and never one of Java. */
class LongInputsTest {
    // Linux takes at most 128 KiB for one argument.
    private static final int LENGTH = 120_000;
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String NOBODY = "127.0.0.1:1";
    // They start processes or run until they are stopped, whatever a text says.
    private static final Set<String> STARTING = Set.of("env up", "env down", "smoke", "warm-up");

    @TempDir
    Path home;

    /** Texts that a careless expression or parser would recurse in or try every division of. */
    private static List<String> texts() {
        return Stream.of("\\\"", "a=\"{[,", "${env:1 ")
                .map(piece -> piece.repeat(LENGTH / piece.length()))
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> of_every_option_that_takes_a_text() {
        List<DynamicTest> tests = new ArrayList<>();
        collect(Kstage.commandLine(session()), new ArrayList<>(), tests);
        return tests.stream();
    }

    private CommandContext session() {
        return CommandLineRun.session(home, Map.of(), OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
    }

    private void collect(CommandLine command, List<String> words, List<DynamicTest> tests) {
        String name = String.join(" ", words);
        if (STARTING.contains(name)) {
            return;
        }
        command.getSubcommands().forEach((word, below) -> {
            List<String> longer = new ArrayList<>(words);
            longer.add(word);
            collect(below, longer, tests);
        });
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (!words.isEmpty() && option.arity().max() > 0) {
                tests.add(DynamicTest.dynamicTest(
                        name + " " + option.longestName(), () -> texts().forEach(text -> check(words, option, text))));
            }
        }
    }

    private void check(List<String> words, OptionSpec option, String text) {
        List<String> line = new ArrayList<>(words);
        option.command().positionalParameters().stream()
                .filter(parameter -> parameter.required() && parameter.index().max() >= 0)
                .forEach(parameter -> line.add("x"));
        line.add(option.longestName());
        line.add((option.longestName().equals("-X") ? "sasl.jaas.config=" : "") + text);
        long start = System.nanoTime();
        answered(CommandLineRun.of(home, Map.of("KSTAGE_BOOTSTRAP_SERVER", NOBODY), line.toArray(String[]::new)));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }

    @TestFactory
    Stream<DynamicTest> of_a_value_in_a_profile() {
        List<String> keys = List.of("sasl.jaas.config", "ssl.key.password", "bootstrap.servers", "sasl.password");
        return keys.stream()
                .map(key -> DynamicTest.dynamicTest(key, () -> {
                    for (String text : texts()) {
                        String value = key.contains("jaas") ? "x.PlainLoginModule required password=\"" + text : text;
                        Path file = home.resolve("long.properties");
                        Files.writeString(file, "bootstrap.servers=" + NOBODY + "\n" + key + "=" + value + "\n");
                        Path yaml = home.resolve("long.yaml");
                        String quoted = Json.document(value);
                        Files.writeString(
                                yaml,
                                "{\"default\": \"p\", \"profiles\": {\"p\": {\"bootstrap.servers\": \"" + NOBODY
                                        + "\", \"x\": 1, \"" + key + "\": " + quoted + "}}}");
                        for (Path each : List.of(file, yaml)) {
                            answered(CommandLineRun.of(
                                    home, Map.of(), "profile", "show", "--profile-file", each.toString()));
                        }
                    }
                }));
    }

    private static void answered(CommandLineRun run) {
        assertThat(run.code()).isBetween(0, 4);
        assertThat(run.err().lines().filter(line -> line.startsWith("kstage: ")).toList())
                .noneMatch(line -> line.contains("internal error") || line.contains("out of memory"));
        assertThat(run.err()).doesNotContain("StackOverflowError", "\tat ");
    }
}
