package dev.kstage.verify.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.StoredRows;
import dev.kstage.report.Failure;
import dev.kstage.report.FailureText;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredFileTest {
    @TempDir
    Path directory;

    private List<String> lines(String content) throws IOException {
        List<String> lines = new ArrayList<>();
        Path file = Files.writeString(directory.resolve("out.jsonl"), content);
        new StoredFile(file).forEach(row -> lines.add(String.valueOf(row.value())), fault -> lines.add("! " + fault));
        return lines;
    }

    private void committed(long length) throws IOException {
        Files.writeString(directory.resolve("out.jsonl.position"), "{\"length\":" + length + "}");
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
    void hands_over_a_line_longer_than_any_buffer() throws IOException {
        String longLine = "x".repeat(200_000);

        assertThat(lines("1\n" + longLine + "\n2\n")).containsExactly("1", longLine, "2");
    }

    /** A file without content of that length takes no room, so anybody can put one there. */
    @Test
    void gives_up_a_line_that_no_record_can_be() throws IOException {
        Path file = directory.resolve("out.jsonl");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }

        assertThatThrownBy(() -> new StoredFile(file).forEach(row -> {}, fault -> {}))
                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.why())
                        .isEqualTo("it has a line of more than 256.0 MiB"));
    }

    @Test
    void reads_no_further_than_what_is_committed() throws IOException {
        Files.writeString(
                directory.resolve("out.jsonl.position"),
                "{\"topic\":{\"name\":\"t\",\"id\":\"i\"},\"length\":4,\"positions\":{\"0\":{\"next\":2,\"leaderEpoch\":0}}}");

        assertThat(lines("1\n2\n3\n4")).containsExactly("1", "2");
        assertThat(new StoredFile(directory.resolve("out.jsonl")).reached())
                .isEqualTo(new StoredRows.Reached(new Origin("t", "i"), Positions.of(Map.of(0, Position.at(2))), 3));
    }

    @Test
    void tells_that_a_file_ends_within_a_line() throws IOException {
        assertThat(lines("1\n2")).containsExactly("1", "2", "! out.jsonl ends within a line");
    }

    @Test
    void tells_that_less_is_there_than_was_committed() throws IOException {
        committed(6);

        assertThat(lines("1\n2")).containsExactly("1", "2", "! out.jsonl ends within a line: it has 3 bytes of 6");
        assertThat(lines("1\n2\n")).containsExactly("1", "2", "! out.jsonl is too short: it has 4 bytes of 6");
    }

    @Test
    void reads_all_lines_where_the_committed_length_is_within_one() throws IOException {
        committed(4);

        assertThat(lines("1\n22\n3\n"))
                .containsExactly(
                        "! out.jsonl: 4 bytes are committed, and that is within a line; the file has changed"
                                + " since it was committed",
                        "1",
                        "22",
                        "3");
    }

    @Test
    void tells_that_a_file_cannot_be_read() {
        assertThat(FailureText.by(
                        directory, () -> new StoredFile(directory.resolve("none")).forEach(row -> {}, fault -> {})))
                .isEqualTo("""
                        FAILED: cannot read DIR/none
                        there is no such file
                        name an existing file
                        """);
    }
}
