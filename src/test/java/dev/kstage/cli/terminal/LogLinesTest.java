package dev.kstage.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    private final List<String> lines = new ArrayList<>();
    private final PrintStream log = new PrintStream(new LogLines(lines::add), true, StandardCharsets.UTF_8);

    @Test
    void hands_over_whole_lines_whatever_they_were_written_in() {
        log.print("pä");
        log.flush();
        log.print("ss");
        assertThat(lines).isEmpty();

        log.print("\r\nmore\n\nrest");
        assertThat(lines).containsExactly("päss", "more", "");
    }
}
