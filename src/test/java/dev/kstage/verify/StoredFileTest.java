package dev.kstage.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.report.Told;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredFileTest {
    @TempDir
    Path directory;

    private List<String> lines(String content) throws IOException {
        List<String> lines = new ArrayList<>();
        Path file = Files.writeString(directory.resolve("out.jsonl"), content);
        StoredFile.forEachLine(file, line -> lines.add(new String(line, StandardCharsets.UTF_8)));
        return lines;
    }

    @Test
    void hands_over_each_line_byte_for_byte() throws IOException {
        assertThat(lines("{\"a\":1}\r\n\né\n")).containsExactly("{\"a\":1}\r", "", "é");
    }

    @Test
    void has_no_line_in_an_empty_file() throws IOException {
        assertThat(lines("")).isEmpty();
    }

    @Test
    void refuses_a_file_that_ends_within_a_line() {
        assertThat(Told.by(directory, () -> lines("1\n2"))).isEqualTo("""
                        CHECK: DIR/out.jsonl ends within a line
                        its last line has no line feed
                        look at its end
                        """);
    }

    @Test
    void tells_that_a_file_cannot_be_read() {
        assertThat(Told.by(directory, () -> StoredFile.forEachLine(directory.resolve("none"), line -> {})))
                .startsWith("FAILED: cannot read DIR/none\n");
    }
}
