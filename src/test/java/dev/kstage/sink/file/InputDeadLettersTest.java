package dev.kstage.sink.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.record.Bytes;
import dev.kstage.record.DeadLetter;
import dev.kstage.record.Record;
import dev.kstage.report.FailureText;
import dev.kstage.stage.DeadLetterLog.Extent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InputDeadLettersTest {
    private static final String FIRST =
            "{\"runId\":\"r\",\"input\":\"in.jsonl\",\"line\":1,\"reason\":\"no key\",\"text\":\"one\"}\n";
    private static final String SECOND =
            "{\"runId\":\"r\",\"input\":\"in.jsonl\",\"line\":2,\"reason\":\"no key\",\"textBase64\":\"/w==\"}\n";

    private final Path file;

    InputDeadLettersTest(@TempDir Path directory) {
        this.file = InputDeadLetters.beside(directory.toAbsolutePath().resolve("in.jsonl"));
    }

    private InputDeadLetters opened(@Nullable String runId) {
        return new InputDeadLetters(file, "in.jsonl", runId);
    }

    private static DeadLetter letter(int line, byte... text) {
        return new DeadLetter(new Record(Record.UNSET, line, Record.UNSET, null, Bytes.of(text), List.of()), "no key");
    }

    private static DeadLetter first() {
        return letter(1, "one".getBytes(StandardCharsets.UTF_8));
    }

    private static DeadLetter second() {
        return letter(2, (byte) 0xff);
    }

    private String content() throws IOException {
        return Files.readString(file);
    }

    @Test
    void is_made_with_the_first() throws IOException {
        try (InputDeadLetters letters = opened("r")) {
            assertThat(letters.sync()).isEqualTo(new Extent(0, 0));
            assertThat(file).doesNotExist();

            letters.add(first());
            letters.add(second());
            assertThat(letters.sync()).isEqualTo(new Extent(FIRST.length() + SECOND.length(), 2));
        }
        assertThat(file).hasFileName("in.jsonl.dead-letters.jsonl");
        assertThat(content()).isEqualTo(FIRST + SECOND);
    }

    @Test
    void is_cut_to_what_was_committed() throws IOException {
        try (InputDeadLetters letters = opened("r")) {
            letters.add(first());
            letters.sync();
            letters.add(second());
            letters.sync();
        }
        Files.writeString(file, content() + "{\"runId\":\"r\",\"inp");

        try (InputDeadLetters letters = opened("r")) {
            letters.cutTo(new Extent(FIRST.length(), 1));
            letters.add(second());
            letters.cutTo(new Extent(FIRST.length(), 1));
            letters.add(second());
            assertThat(letters.sync()).isEqualTo(new Extent(FIRST.length() + SECOND.length(), 2));
        }
        assertThat(content()).isEqualTo(FIRST + SECOND);
    }

    @Test
    void has_those_of_earlier_runs_and_cuts_none_of_them() throws IOException {
        Extent before;
        try (InputDeadLetters letters = opened(null)) {
            letters.add(first());
            before = letters.sync();
        }
        String ofEarlier = content();
        assertThat(ofEarlier).isEqualTo(FIRST.replace("\"r\"", "null"));
        try (InputDeadLetters letters = opened("r")) {
            assertThat(letters.sync()).isEqualTo(new Extent(before.bytes(), 0));
            letters.add(first());
            assertThat(letters.sync().letters()).isEqualTo(1);
        }
        assertThat(content()).isEqualTo(ofEarlier + FIRST);
        try (InputDeadLetters letters = opened("other")) {
            assertThat(FailureText.by(() -> letters.cutTo(before)))
                    .startsWith("USAGE: " + file + " has dead-letter records of another run after those of run"
                            + " other\n");
        }
        assertThat(content()).isEqualTo(ofEarlier + FIRST);
    }

    @Test
    void of_an_attempt_that_had_begun_it_and_committed_nothing_none_is_twice() throws IOException {
        try (InputDeadLetters late = opened("r")) {
            try (InputDeadLetters letters = opened("r")) {
                letters.add(first());
                letters.sync();
            }
            late.cutTo(new Extent(0, 0));
            late.add(first());
            late.sync();
        }
        assertThat(content()).isEqualTo(FIRST);
    }

    @Test
    void that_became_shorter_is_no_more_the_one_of_the_run() throws IOException {
        Files.writeString(file, FIRST);
        try (InputDeadLetters letters = opened("r")) {
            assertThat(FailureText.by(() -> letters.cutTo(new Extent(FIRST.length() + 1, 2))))
                    .startsWith("USAGE: " + file + " is shorter than this run committed\n");
        }
    }

    @Test
    void has_one_writer() {
        try (InputDeadLetters letters = opened("r")) {
            letters.add(first());
            assertThat(FailureText.by(() -> opened("r"))).startsWith("TEMPORARY: " + file + " has another writer\n");
        }
    }

    @Test
    void is_no_link_and_nothing_that_kstage_did_not_make() throws IOException {
        Path victim = Files.writeString(file.resolveSibling("victim"), "{\"some\":\"thing\"}\n");
        Files.createSymbolicLink(file, victim);
        assertThat(FailureText.by(() -> opened("r")))
                .startsWith("FAILED: cannot store dead-letter records in " + file + "\nit is a symbolic link\n");

        Files.delete(file);
        Files.createSymbolicLink(file, file.resolveSibling("nowhere"));
        assertThat(FailureText.by(() -> opened("r"))).contains("it is a symbolic link");
        assertThat(file.resolveSibling("nowhere")).doesNotExist();

        assertThat(FailureText.by(() -> new InputDeadLetters(victim, "in.jsonl", "r")))
                .contains("it already exists and does not hold dead-letter records of produce");
        assertThat(victim).hasContent("{\"some\":\"thing\"}\n");
        assertThat(FailureText.by(() -> new InputDeadLetters(Path.of("/dev/null"), "in.jsonl", "r")))
                .startsWith("USAGE: cannot store dead-letter records in /dev/null\n");
    }
}
