package dev.kstage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The regular expressions of the whole program. */
class ExpressionsTest {
    // A group, quantified: Java matches it by recursion, a stack frame for each time that it occurs.
    private static final Pattern REPEATED_GROUP = Pattern.compile("(?<!\\\\)\\)(?:[*+]|\\{\\d+,)");

    @Test
    void none_repeats_a_group() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();

            assertThat(sources).hasSizeGreaterThan(100);
            for (Path source : sources) {
                assertThat(Files.readString(source)
                                .lines()
                                .filter(line -> line.contains("\""))
                                .filter(line ->
                                        REPEATED_GROUP.matcher(literals(line)).find())
                                .toList())
                        .as(source.toString())
                        .isEmpty();
            }
        }
    }

    @Test
    void a_repeated_group_would_be_seen() {
        assertThat(literals("Pattern.compile(\"a(b|c)*d\")")).containsPattern(REPEATED_GROUP);
        assertThat(literals("x(\"(a|b)\") + y")).doesNotContainPattern(REPEATED_GROUP);
    }

    /** What stands between quotes. */
    private static String literals(String line) {
        StringBuilder inside = new StringBuilder();
        boolean isQuoted = false;
        for (int at = 0; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == '\\' && isQuoted) {
                inside.append(c).append(at + 1 < line.length() ? line.charAt(at + 1) : ' ');
                at++;
            } else if (c == '"') {
                isQuoted = !isQuoted;
            } else if (isQuoted) {
                inside.append(c);
            }
        }
        return inside.toString();
    }
}
