package dev.kstage.verify.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterLinesTest {
    private static final String LETTER = "{\"topic\":\"t\",\"partition\":0,\"offset\":7,\"value\":\"x\"}\n";

    @TempDir
    Path directory;

    private List<String> checked(DeadLetterLines letters) {
        List<String> found = new ArrayList<>();
        letters.forEach(
                kept -> found.add("offset " + kept.deadLetter().record().offset()),
                fault -> found.add("! " + fault.replace(directory + "/", "")));
        return found;
    }

    private void write(String file, String content) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private void committedInFile(long length) throws IOException {
        write("out.jsonl.position", "{\"deadLetterLength\":" + length + "}");
    }

    /** A directory of one partition, of which one commit has a dead letter. */
    private void committedInDirectory() throws IOException {
        write("out/_kstage/p0/start.json", "{\"first\":0}");
        write("out/_kstage/p0/00000000000000000000.json", """
                {"from":0,"to":8,"writer":"w","deadLetters":{"file":"dead-letter/t-p0.jsonl","lines":1,"bytes":%d}}
                """.formatted(LETTER.length()));
    }

    private List<String> ofFile() {
        return checked(DeadLetterLines.ofFile(directory.resolve("out.jsonl"), null));
    }

    private List<String> ofDirectory() {
        return checked(DeadLetterLines.ofDirectory(directory.resolve("out"), null));
    }

    @Test
    void of_a_file_are_as_long_as_was_committed() throws IOException {
        committedInFile(LETTER.length());

        assertThat(ofFile())
                .containsExactly("! out.dead-letter.jsonl is shorter than its committed length: it has 0 bytes of 51");
        write("out.dead-letter.jsonl", LETTER + "{\"left by a killed run\"");
        assertThat(ofFile()).containsExactly("offset 7");
        committedInFile(2L * LETTER.length());
        write("out.dead-letter.jsonl", LETTER);
        assertThat(ofFile())
                .containsExactly(
                        "offset 7",
                        "! out.dead-letter.jsonl is shorter than its committed length: it has 51 bytes of 102");
    }

    @Test
    void are_the_same_by_whatever_path() throws IOException {
        committedInDirectory();
        write("out/dead-letter/t-p0.jsonl", LETTER);
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("out"));

        assertThat(DeadLetterLines.ofDirectory(directory.resolve("link"), null).identity())
                .isEqualTo(DeadLetterLines.ofDirectory(directory.resolve("out"), null)
                        .identity())
                .isNotEqualTo(DeadLetterLines.ofFile(directory.resolve("out.jsonl"), null)
                        .identity());
    }

    @Test
    void that_were_never_committed_are_not_missed() throws IOException {
        assertThat(ofFile()).isEmpty();
        committedInFile(0);
        assertThat(ofFile()).isEmpty();
        assertThat(ofDirectory()).isEmpty();
    }

    @Test
    void that_end_within_a_line_are_reported_once() throws IOException {
        committedInFile(LETTER.length());
        write("out.dead-letter.jsonl", LETTER.substring(0, 20));

        assertThat(ofFile())
                .containsExactly(
                        "! line 1 of out.dead-letter.jsonl is not a dead-letter record: it does not end with a line feed");
    }

    @Test
    void of_a_directory_are_as_long_as_was_committed() throws IOException {
        committedInDirectory();

        assertThat(ofDirectory())
                .containsExactly(
                        "! out/dead-letter/t-p0.jsonl is shorter than its committed length: it has 0 bytes of 51");
        write("out/dead-letter/t-p0.jsonl", LETTER);
        assertThat(ofDirectory()).containsExactly("offset 7");
        write("out/dead-letter/t-p0.jsonl", LETTER + LETTER);
        assertThat(ofDirectory())
                .containsExactly(
                        "offset 7",
                        "offset 7",
                        "! out/dead-letter/t-p0.jsonl is shorter than its committed length: it has 102 bytes of 51");
    }

    @Test
    void of_a_directory_that_are_still_staged_are_not_missed() throws IOException {
        committedInDirectory();
        write("out/_kstage/staging/p0/00000000000000000000-00000000000000000008-w.dead-letter.jsonl", LETTER);

        assertThat(ofDirectory()).isEmpty();
    }
}
