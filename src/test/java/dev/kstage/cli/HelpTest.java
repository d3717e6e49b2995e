package dev.kstage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

final class HelpTest {
    // Here it is a choice that a user has.
    private static final Set<String> WITH_NULL = Set.of("produce", "verify");

    @TempDir
    private Path home;

    static Stream<List<String>> commands() {
        List<List<String>> all = new ArrayList<>();
        add(
                all,
                List.of(),
                Kstage.commandLine(CommandLineRun.session(
                        Path.of("/"), Map.of(), OutputStream.nullOutputStream(), OutputStream.nullOutputStream())));
        return all.stream();
    }

    private static void add(List<List<String>> all, List<String> words, CommandLine command) {
        all.add(words);
        command.getSubcommands().forEach((name, each) -> {
            if (!each.getCommandSpec().usageMessage().hidden() && !name.equals("help")) {
                add(all, Stream.concat(words.stream(), Stream.of(name)).toList(), each);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_help_has_its_values_filled_in(List<String> words) {
        String[] arguments = Stream.concat(words.stream(), Stream.of("--help")).toArray(String[]::new);

        CommandLineRun help = CommandLineRun.of(home, Map.of(), arguments);

        assertThat(help.code()).isZero();
        assertThat(help.out()).startsWith("Usage: ");
        // What is meant to stand there is written as ${...}.
        assertThat(help.out()).doesNotContainPattern("\\$\\{(?!\\.\\.\\.})").doesNotContain("(null)", ": null");
        if (!WITH_NULL.contains(String.join(" ", words))) {
            assertThat(help.out()).doesNotContainPattern("\\bnull\\b");
        }
    }

    @Test
    void all_commands_are_looked_at() {
        assertThat(commands()).hasSizeGreaterThan(20).contains(List.of("profile", "trust"));
    }
}
