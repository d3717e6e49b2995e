package dev.kstage.sink.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.record.Bytes;
import dev.kstage.record.Header;
import dev.kstage.record.Origin;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.FailureText;
import dev.kstage.sink.RecordOf;
import dev.kstage.sink.Tree;
import dev.kstage.stage.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileSinkTest {
    private static final Origin ORDERS = new Origin("orders", "id-1");

    @TempDir
    Path directory;

    private Path file = Path.of("");
    private Path position = Path.of("");
    private Path deadLetters = Path.of("");

    @BeforeEach
    void names() {
        file = directory.resolve("out.jsonl");
        position = directory.resolve("out.jsonl.position");
        deadLetters = directory.resolve("out.dead-letter.jsonl");
    }

    private void stored(Results results, long next) {
        try (FileSink sink = new FileSink(file)) {
            opened(sink);
            sink.write(results);
            sink.commit(RecordOf.at(next));
        }
    }

    private void opened(Path path) {
        try (FileSink sink = new FileSink(path)) {
            opened(sink);
        }
    }

    /** Opens it as a stage does, and gives where it stands. */
    private static Positions opened(FileSink sink) {
        sink.open(ORDERS, 1);
        return sink.takeOver(Set.of(0));
    }

    @Test
    void stores_a_value_a_line() {
        stored(RecordOf.results("{\"a\":1}", "[2]", "\"drei\""), 3);

        assertThat(file).hasContent("""
                        {"a":1}
                        [2]
                        "drei"
                        """);
    }

    @Test
    void keeps_its_position_beside_the_file() throws IOException {
        stored(RecordOf.results("1"), 3);

        assertThat(Files.readString(position)
                        .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "RANDOM")
                        .replaceAll("out-[0-9a-f]{6}", "out-RANDOM")
                        .replace("\"writer\":" + ProcessHandle.current().pid(), "\"writer\":PID"))
                .isEqualTo("""
                        {"format":1,"sinkId":"RANDOM","group":"kstage-out-RANDOM","topic":{"name":"orders","id":"id-1"},"length":2,"deadLetterLength":0,"positions":{"0":{"next":3,"leaderEpoch":4}},"writer":PID}
                        """);
    }

    @Test
    void stands_nowhere_at_first() {
        try (FileSink sink = new FileSink(file)) {
            assertThat(opened(sink)).isEqualTo(Positions.NONE);
        }
    }

    @Test
    void continues_where_the_file_ends() {
        stored(RecordOf.results("1", "2"), 2);

        stored(RecordOf.results("3"), 3);

        assertThat(file).hasContent("1\n2\n3\n");
    }

    @Test
    void gives_the_position_that_was_committed_last() {
        stored(RecordOf.results("1", "2"), 2);

        try (FileSink sink = new FileSink(file)) {
            assertThat(opened(sink)).isEqualTo(RecordOf.at(2));
        }
    }

    @Test
    void keeps_its_id_and_its_group() {
        FileSink first = new FileSink(file);
        opened(first);
        first.close();

        try (FileSink second = new FileSink(file)) {
            assertThat(second.sinkId()).isEqualTo(first.sinkId());
            assertThat(second.group()).isEqualTo(first.group());
        }
    }

    @Test
    void names_its_group_after_the_file() {
        try (FileSink sink = new FileSink(directory.resolve("my orders.v2.jsonl"))) {
            assertThat(sink.group()).matches("kstage-my_orders\\.v2-[0-9a-f]{6}");
        }
    }

    @Test
    void cuts_off_what_was_not_committed() throws IOException {
        stored(RecordOf.results("1", "2"), 2);
        Files.writeString(file, "3\n{\"half", StandardOpenOption.APPEND);

        opened(file);

        assertThat(file).hasContent("1\n2\n");
    }

    @Test
    void cuts_off_dead_letters_that_were_not_committed() throws IOException {
        stored(RecordOf.rejected(RecordOf.value("x")), 1);
        String before = Files.readString(deadLetters);
        Files.writeString(deadLetters, "{\"half", StandardOpenOption.APPEND);

        opened(file);

        assertThat(deadLetters).hasContent(before);
    }

    @Test
    void cuts_off_dead_letters_of_a_run_that_never_committed_one() throws IOException {
        opened(file);
        Files.writeString(deadLetters, "{\"half");

        opened(file);

        assertThat(deadLetters).isEmptyFile();
    }

    @Test
    void stores_nothing_without_a_commit() {
        opened(file);

        assertThat(file).isEmptyFile();
    }

    @Test
    void commits_a_position_without_results() {
        stored(RecordOf.results(), 9);

        try (FileSink sink = new FileSink(file)) {
            assertThat(opened(sink)).isEqualTo(RecordOf.at(9));
        }
        assertThat(file).isEmptyFile();
    }

    @Test
    void stores_values_larger_than_its_buffer() {
        String large = "\"" + "x".repeat(1 << 20) + "\"";

        stored(RecordOf.results("1", large, "2"), 3);

        assertThat(file).hasContent("1\n" + large + "\n2\n");
    }

    @Test
    void makes_a_line_feed_within_a_value_a_space() {
        stored(RecordOf.results("{\n  \"a\": 1\r\n}"), 1);

        assertThat(file).hasBinaryContent(Bytes.of("{   \"a\": 1\r }\n").array());
    }

    @Test
    void refuses_a_second_writer() {
        try (FileSink first = new FileSink(file)) {
            opened(first);

            String told = FailureText.by(directory, () -> new FileSink(file));

            assertThat(told.replaceAll("process " + ProcessHandle.current().pid() + " ", "process PID "))
                    .isEqualTo("""
                            TEMPORARY: DIR/out.jsonl has another writer
                            process PID is writing to it
                            wait until that process ends, stop it, or choose another file
                            """);
        }
    }

    @Test
    void lets_the_next_writer_in_once_the_first_has_closed() {
        opened(file);

        assertThatCode(() -> opened(file)).doesNotThrowAnyException();
    }

    @Test
    void refuses_a_file_that_is_not_its_own() throws IOException {
        Files.writeString(file, "precious\n");

        assertThat(FailureText.by(directory, () -> new FileSink(file))).isEqualTo("""
                        USAGE: DIR/out.jsonl already exists
                        it has no out.jsonl.position beside it, so kstage did not write it or can't continue it
                        choose another file, or move this file away
                        """);
        assertThat(file).hasContent("precious\n");
    }

    @Test
    void refuses_a_name_of_the_system_though_a_regular_file_is_behind_it() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link.jsonl"), Path.of("/dev/stdout"));
        Path cwd = Files.createSymbolicLink(directory.resolve("cwd"), Path.of("/proc/self"));

        for (Path path :
                new Path[] {Path.of("/dev/stdout"), Path.of("/proc/self/fd/1"), link, cwd.resolve("out.jsonl")}) {
            assertThat(FailureText.by(directory, () -> opened(path)))
                    .startsWith("USAGE: ")
                    .contains(" is not a regular file\n");
        }
    }

    @Test
    void refuses_dead_letters_that_are_not_its_own() throws IOException {
        Files.writeString(deadLetters, "precious\n");

        assertThat(FailureText.by(directory, () -> new FileSink(file))).isEqualTo("""
                        USAGE: DIR/out.dead-letter.jsonl already exists
                        it has no out.jsonl.position beside it, so kstage did not write it or can't continue it
                        choose another file, or move this file away
                        """);
    }

    @Test
    void takes_an_empty_file() throws IOException {
        Files.createFile(file);

        stored(RecordOf.results("1"), 1);

        assertThat(file).hasContent("1\n");
    }

    @Test
    void refuses_a_file_that_is_shorter_than_what_was_stored() throws IOException {
        stored(RecordOf.results("1", "2"), 2);
        Files.writeString(file, "1\n");

        assertThat(FailureText.by(directory, () -> new FileSink(file))).isEqualTo("""
                        USAGE: DIR/out.jsonl is shorter than its committed length
                        it has 2 of 4 bytes
                        restore it; or, to read the topic from its start, delete DIR/out.jsonl.position and the file
                        """);
    }

    @Test
    void refuses_to_continue_without_the_file() throws IOException {
        stored(RecordOf.results("1", "2"), 2);
        Files.delete(file);

        assertThat(FailureText.by(directory, () -> new FileSink(file))).contains("it has 0 of 4 bytes");
    }

    @Test
    void refuses_dead_letters_that_are_shorter_than_what_was_stored() throws IOException {
        stored(RecordOf.rejected(RecordOf.value("x")), 1);
        Files.writeString(deadLetters, "{}\n");

        assertThat(FailureText.by(directory, () -> new FileSink(file))).isEqualTo("""
                        USAGE: DIR/out.dead-letter.jsonl is shorter than its committed length
                        it has 3 of 126 bytes
                        restore it; or, to read the topic from its start, delete DIR/out.jsonl.position and both files
                        """);
    }

    @Test
    void refuses_another_topic() {
        stored(RecordOf.results("1"), 1);

        try (FileSink sink = new FileSink(file)) {
            assertThat(FailureText.by(directory, () -> sink.open(new Origin("payments", "id-2"), 1)))
                    .isEqualTo("""
                            USAGE: DIR/out.jsonl holds records of topic orders
                            a file stores one topic, and this run reads payments
                            store in another file
                            """);
        }
        assertThat(file).hasContent("1\n");
    }

    @Test
    void refuses_a_topic_that_was_created_again() {
        stored(RecordOf.results("1"), 1);

        try (FileSink sink = new FileSink(file)) {
            assertThat(FailureText.by(directory, () -> sink.open(new Origin("orders", "id-2"), 1)))
                    .isEqualTo("""
                            USAGE: topic orders is not the topic that out.jsonl was filled from
                            the topic was deleted and recreated: its id was id-1 and is id-2
                            store the new topic in another file
                            """);
        }
    }

    @Test
    void refuses_a_directory() {
        assertThat(FailureText.by(directory, () -> new FileSink(directory))).isEqualTo("""
                        USAGE: DIR is a directory
                        the destination is one file of JSON lines
                        name a file in that directory: --to DIR/out.jsonl
                        """);
    }

    @Test
    void refuses_a_missing_directory() {
        assertThat(FailureText.by(directory, () -> new FileSink(directory.resolve("no/out.jsonl"))))
                .isEqualTo("""
                        USAGE: cannot write DIR/no/out.jsonl
                        there is no directory DIR/no
                        create the directory first
                        """);
    }

    @Test
    void refuses_what_is_no_regular_file() {
        assertThat(FailureText.by(() -> new FileSink(Path.of("/dev/null")))).isEqualTo("""
                        USAGE: /dev/null is not a regular file
                        kstage stores a position only beside a regular file
                        write to standard output, --to -, and redirect it
                        """);
    }

    @Test
    void tells_that_its_directory_is_gone() throws IOException {
        Path sub = Files.createDirectory(directory.resolve("sub"));
        try (FileSink sink = new FileSink(sub.resolve("out.jsonl"))) {
            Files.delete(sub.resolve("out.jsonl"));
            Files.delete(sub);

            assertThat(FailureText.by(directory, () -> opened(sink))).isEqualTo("""
                            FAILED: cannot open DIR/sub/out.jsonl
                            its directory was deleted
                            create the directory, then run the same command again
                            """);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "not JSON",
                "null",
                "[]",
                "{\"format\":1}",
                "{\"format\":1,\"sinkId\":\"s\",\"group\":\"g\",\"length\":-1,\"deadLetterLength\":0,\"positions\":{},\"writer\":1}",
                "{\"format\":1,\"sinkId\":\"s\",\"group\":\"g\",\"length\":0,\"deadLetterLength\":0,\"positions\":{\"0\":null},\"writer\":1}",
                "{\"format\":1,\"unknown\":1}"
            })
    void refuses_a_position_that_it_did_not_write(String content) throws IOException {
        Files.writeString(position, content);

        assertThat(FailureText.by(directory, () -> new FileSink(file))).isEqualTo("""
                        FAILED: cannot use DIR/out.jsonl.position
                        its content is not what kstage writes
                        restore that file; or move the output away, which reads the topic from its start
                        """);
    }

    @Test
    void refuses_a_position_of_a_later_format() throws IOException {
        stored(RecordOf.results("1"), 1);
        Files.writeString(position, Files.readString(position).replace("\"format\":1", "\"format\":2"));

        assertThat(FailureText.by(directory, () -> new FileSink(file))).isEqualTo("""
                        FAILED: cannot use DIR/out.jsonl.position
                        its format is 2, and this release of kstage supports 1
                        restore that file; or move the output away, which reads the topic from its start
                        """);
    }

    @Test
    void is_not_put_off_by_a_position_that_was_half_written_beside() throws IOException {
        stored(RecordOf.results("1"), 1);
        Path left = directory.resolve("out.jsonl.position.0123456789abcdef.next");
        Files.writeString(left, "{\"form");

        stored(RecordOf.results("2"), 2);

        assertThat(file).hasContent("1\n2\n");
        assertThat(left).doesNotExist();
    }

    @Test
    void keeps_two_files_side_by_side_apart() {
        Path other = directory.resolve("other.jsonl");
        stored(RecordOf.rejected(RecordOf.value("x")), 1);
        try (FileSink first = new FileSink(file);
                FileSink second = new FileSink(other)) {
            opened(first);
            second.open(new Origin("payments", "id-2"), 1);
            first.write(RecordOf.results("1"));
            first.commit(RecordOf.at(2));
            second.write(RecordOf.results("2"));
            second.commit(RecordOf.at(5));

            assertThat(first.group()).isNotEqualTo(second.group());
        }

        assertThat(file).hasContent("1\n");
        assertThat(other).hasContent("2\n");
    }

    @ParameterizedTest
    @CsvSource({
        "out.jsonl, out.dead-letter.jsonl",
        "a.b.jsonl, a.b.dead-letter.jsonl",
        "out.json, out.json-dead-letter.jsonl",
        "out, out-dead-letter.jsonl",
        ".jsonl, .jsonl-dead-letter.jsonl"
    })
    void keeps_dead_letters_in_a_file_of_their_own(String name, String expected) {
        assertThat(DeadLetterFile.beside(Path.of("d", name))).isEqualTo(Path.of("d", expected));
    }

    @Test
    void leaves_the_dead_letters_of_a_file_with_another_ending_alone() throws IOException {
        Path other = directory.resolve("out.json");
        opened(other);
        stored(RecordOf.rejected(RecordOf.value("x")), 1);

        opened(other);

        assertThat(Files.readAllLines(deadLetters)).hasSize(1);
    }

    @Test
    void stores_a_dead_letter_with_everything_of_its_record() {
        Record record = new Record(
                3,
                42,
                1_767_225_600_000L,
                Bytes.of("k\n1"),
                Bytes.of("{\"a\":"),
                List.of(new Header("trace", Bytes.of("t1")), new Header("none", null)));

        stored(RecordOf.rejected(record), 1);

        assertThat(deadLetters).hasContent("""
                        {"topic":"orders","partition":3,"offset":42,"timestamp":1767225600000,"reason":"is wrong","key":"k\\n1","value":"{\\"a\\":","headers":[{"key":"trace","value":"t1"},{"key":"none","value":null}]}
                        """);
        assertThat(file).isEmptyFile();
    }

    @Test
    void stores_bytes_that_are_no_text_in_base64() {
        Bytes noText = Bytes.of(new byte[] {(byte) 0xff, 0, 1});
        Record record = new Record(0, 1, -1, noText, noText, List.of(new Header("h", noText)));

        stored(RecordOf.rejected(record), 1);

        assertThat(deadLetters).hasContent("""
                        {"topic":"orders","partition":0,"offset":1,"timestamp":-1,"reason":"is wrong","keyBase64":"/wAB","valueBase64":"/wAB","headers":[{"key":"h","valueBase64":"/wAB"}]}
                        """);
    }

    @Test
    void stores_a_tombstone_among_the_dead_letters_with_a_value_of_null() {
        stored(RecordOf.rejected(RecordOf.tombstone()), 1);

        assertThat(deadLetters).hasContent("""
                        {"topic":"orders","partition":0,"offset":7,"timestamp":1767225600000,"reason":"is wrong","key":null,"value":null,"headers":[]}
                        """);
    }

    @Test
    void continues_where_the_dead_letters_end() throws IOException {
        stored(RecordOf.rejected(RecordOf.value("x")), 1);

        stored(RecordOf.rejected(RecordOf.value("y")), 2);

        assertThat(Files.readAllLines(deadLetters)).hasSize(2);
    }

    @Test
    void makes_no_file_of_dead_letters_without_one() {
        stored(RecordOf.results("1"), 1);

        assertThat(deadLetters).doesNotExist();
    }

    @Test
    void keeps_its_dead_letters_where_it_was_told_to_at_first() {
        Path elsewhere = directory.resolve("bad.jsonl");
        try (FileSink sink = new FileSink(file, elsewhere)) {
            opened(sink);
            sink.write(RecordOf.rejected(RecordOf.value("{")));
            sink.commit(RecordOf.at(1));
        }
        try (FileSink sink = new FileSink(file, elsewhere)) {
            opened(sink);
            sink.write(RecordOf.rejected(RecordOf.value("[")));
            sink.commit(RecordOf.at(2));
        }

        assertThat(elsewhere).content().hasLineCount(2);
        assertThat(deadLetters).doesNotExist();
        assertThat(FailureText.by(directory, () -> new FileSink(file, directory.resolve("other.jsonl"))))
                .contains("use --dead-letter DIR/bad.jsonl, or store in a new file");
        assertThat(refusal(file, null)).isEqualTo("""
                        USAGE: DIR/out.jsonl has its dead-letter records in DIR/bad.jsonl
                        anyone who can write to DIR/out.jsonl.position could have changed that name, so kstage does not use it unconfirmed
                        confirm the file: --dead-letter DIR/bad.jsonl
                        """);
    }

    @Test
    void leaves_a_file_alone_that_a_planted_position_names() throws IOException {
        Path precious = Files.writeString(directory.resolve("precious"), "kept");
        opened(file);
        Files.writeString(
                position,
                Files.readString(position)
                        .replace("\"length\":", "\"deadLetterFile\":\"" + precious + "\",\"length\":"));

        assertThat(refusal(file, null)).contains("confirm the file: --dead-letter DIR/precious");
        assertThat(refusal(file, precious)).isEqualTo("""
                        USAGE: cannot store dead-letter records in DIR/precious
                        there is no precious.owner beside it that names its owner, DIR/out.jsonl
                        store in a new file
                        """);
        assertThat(precious).hasContent("kept");
    }

    @Test
    void follows_no_link_of_its_own_name() throws IOException {
        Path precious = Files.writeString(directory.resolve("precious"), "kept");
        Files.createSymbolicLink(file, precious);
        assertThat(refusal(file, null))
                .contains("DIR/out.jsonl is a link to DIR/precious", "name the file itself: --to DIR/precious");
        Files.delete(file);

        Files.createSymbolicLink(deadLetters, precious);
        assertThat(refusal(file, null)).contains("DIR/out.dead-letter.jsonl is a link to DIR/precious");
        Files.delete(deadLetters);

        Files.createSymbolicLink(position, precious);
        assertThat(refusal(file, null)).contains("cannot use DIR/out.jsonl.position", "it is a symbolic link");
        Files.delete(position);

        Files.createSymbolicLink(directory.resolve("out.jsonl.position.next"), precious);
        stored(RecordOf.results("1"), 1);
        assertThat(precious).hasContent("kept");
    }

    private void deadLetterIn(Path results, @Nullable Path letters) {
        try (FileSink sink = new FileSink(results, letters)) {
            opened(sink);
            sink.write(RecordOf.rejected(RecordOf.value("x")));
            sink.commit(RecordOf.at(1));
        }
    }

    private String refusal(Path results, @Nullable Path letters) {
        return FailureText.by(directory, () -> {
            try (FileSink sink = new FileSink(results, letters)) {
                opened(sink);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "out.jsonl, it is the file of the results",
        "./sub/../out.jsonl, it is the file of the results",
        "link/out.jsonl, it is the file of the results",
        "link.jsonl, it is the file of the results",
        "out.jsonl.position, it is the position file of the results",
        "other.jsonl, it is a file of results: beside it is other.jsonl.position"
    })
    void refuses_dead_letters_in_a_file_that_has_something_else(String letters, String why) throws IOException {
        Files.createDirectory(directory.resolve("sub"));
        Files.createSymbolicLink(directory.resolve("link"), directory);
        Files.createSymbolicLink(directory.resolve("link.jsonl"), file);
        opened(directory.resolve("other.jsonl"));

        assertThat(refusal(file, directory.resolve(letters))).isEqualTo("""
                        USAGE: cannot store dead-letter records in DIR/%s
                        %s
                        choose another --dead-letter, or leave out --dead-letter to use DIR/out.dead-letter.jsonl
                        """.formatted(letters, why));
        assertThat(file).doesNotExist();
        assertThat(position).doesNotExist();
    }

    @Test
    void refuses_the_second_name_of_the_file_of_the_results() throws IOException {
        opened(file);
        Files.delete(position);
        Path second = Files.createLink(directory.resolve("second.jsonl"), file);

        assertThat(refusal(file, second)).contains("cannot store dead-letter records in DIR/second.jsonl");
    }

    @Test
    void a_file_of_dead_letters_that_was_named_is_of_one_file_of_results() throws IOException {
        Path shared = directory.resolve("late.jsonl");
        try (FileSink sink = new FileSink(file, shared);
                FileSink atOnce = new FileSink(directory.resolve("other.jsonl"), shared)) {
            opened(sink);
            assertThat(FailureText.by(directory, () -> opened(atOnce))).contains("DIR/late.jsonl has another writer");
        }

        // None is in it yet.
        assertThat(refusal(directory.resolve("other.jsonl"), shared)).isEqualTo("""
                        USAGE: DIR/late.jsonl has the dead-letter records of DIR/out.jsonl
                        a run of those results would delete the dead-letter records of this run
                        choose another --dead-letter; or, if those results no longer exist, delete DIR/late.jsonl.owner
                        """);
        assertThat(refusal(shared, null))
                .contains("late.jsonl has the dead-letter records of DIR/out.jsonl", "another --to");
        deadLetterIn(file, shared);
        deadLetterIn(file, shared);
        assertThat(Files.readAllLines(shared)).hasSize(2);
    }

    @Test
    void a_file_of_dead_letters_can_be_named_again_by_results_that_begin_again() throws IOException {
        Path letters = directory.resolve("late.jsonl");
        deadLetterIn(file, letters);
        for (Path each : List.of(file, position, letters)) {
            Files.delete(each);
        }

        deadLetterIn(file, letters);
        deadLetterIn(file, letters);

        assertThat(Files.readAllLines(letters)).hasSize(2);
    }

    @Test
    void results_and_their_dead_letters_may_be_moved_together() throws IOException {
        Path letters = directory.resolve("late.jsonl");
        deadLetterIn(file, letters);
        Path moved = Files.createDirectory(directory.resolve("moved")).resolve("out.jsonl");
        Files.move(file, moved);
        Files.move(position, moved.resolveSibling("out.jsonl.position"));

        deadLetterIn(moved, letters);

        assertThat(Files.readAllLines(letters)).hasSize(2);
    }

    @Test
    void a_copy_of_results_does_not_share_their_dead_letters() throws IOException {
        Path letters = directory.resolve("late.jsonl");
        deadLetterIn(file, letters);
        Path copy = Files.createDirectory(directory.resolve("backup")).resolve("out.jsonl");
        Files.copy(file, copy);
        Files.copy(position, copy.resolveSibling("out.jsonl.position"));
        deadLetterIn(file, letters);

        assertThat(refusal(copy, letters)).isEqualTo("""
                        USAGE: DIR/late.jsonl has the dead-letter records of DIR/out.jsonl
                        a run of those results would delete the dead-letter records of this run
                        store in a new file; or, if those results no longer exist, delete DIR/late.jsonl.owner
                        """);
        assertThat(Files.readAllLines(letters)).hasSize(2);
    }

    @Test
    void one_file_may_be_named_in_several_ways() throws IOException {
        Files.createSymbolicLink(directory.resolve("link"), directory);
        deadLetterIn(directory.resolve("./out.jsonl"), deadLetters);
        deadLetterIn(file, null);
        deadLetterIn(file, directory.resolve("./out.dead-letter.jsonl"));
        deadLetterIn(directory.resolve("link/out.jsonl"), null);

        assertThat(Files.readAllLines(deadLetters)).hasSize(4);
        assertThat(directory.resolve("out.dead-letter.jsonl.owner")).doesNotExist();
    }

    @Test
    void refuses_another_name_of_a_file_of_results() throws IOException {
        opened(file);
        Path link = Files.createSymbolicLink(directory.resolve("link.jsonl"), file);

        assertThat(refusal(link, null)).contains("DIR/link.jsonl is a link to DIR/out.jsonl", "--to DIR/out.jsonl");
    }

    @Test
    void refuses_results_where_the_dead_letters_of_others_will_be() {
        opened(file);
        opened(directory.resolve("plain"));

        assertThat(refusal(deadLetters, null)).isEqualTo("""
                        USAGE: DIR/out.dead-letter.jsonl has the dead-letter records of DIR/out.jsonl
                        a run of those results would delete the dead-letter records of this run
                        choose another --to
                        """);
        assertThat(refusal(directory.resolve("plain-dead-letter.jsonl"), null))
                .contains("has the dead-letter records of DIR/plain");
        opened(directory.resolve("nobody.dead-letter.jsonl"));
    }

    @Test
    void refuses_a_destination_whose_own_dead_letters_would_be_among_those_of_others() {
        deadLetterIn(directory.resolve("other.jsonl"), deadLetters);

        assertThat(refusal(file, null)).isEqualTo("""
                        USAGE: DIR/out.dead-letter.jsonl has the dead-letter records of DIR/other.jsonl
                        a run of those results would delete the dead-letter records of this run
                        name another file with --dead-letter, or choose another --to; or, if those results no longer exist, delete DIR/out.dead-letter.jsonl.owner
                        """);
    }

    @Test
    void refuses_dead_letters_where_those_of_others_will_be() {
        opened(file);

        assertThat(refusal(directory.resolve("other.jsonl"), deadLetters)).isEqualTo("""
                        USAGE: DIR/out.dead-letter.jsonl has the dead-letter records of DIR/out.jsonl
                        a run of those results would delete the dead-letter records of this run
                        choose another --dead-letter
                        """);
        opened(file);
    }

    /** The directory is moved away, and a link to another one of the same contents is put in its place. */
    @Test
    void writes_nothing_through_a_link_that_takes_the_place_of_its_directory() throws IOException {
        Path place = Files.createDirectory(directory.resolve("d"));
        Path moved = directory.resolve("moved");
        Path victim = directory.resolve("victim");
        file = place.resolve("out.jsonl");
        stored(RecordOf.results("1"), 1);
        try (FileSink sink = new FileSink(file)) {
            opened(sink);
            sink.write(RecordOf.results("2"));
            Tree.of(place).write(victim);
            Files.move(place, moved);
            Files.createSymbolicLink(place, victim);
            Tree before = Tree.of(victim);

            assertThatThrownBy(() -> sink.commit(RecordOf.at(2)))
                    .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.what())
                            .isEqualTo(place + " is not the directory that this run began with"));
            Results letters = new Results();
            letters.reject(RecordOf.value("x"), "not JSON");
            assertThatThrownBy(() -> sink.write(letters)).isInstanceOf(Failure.class);

            assertThat(Tree.of(victim).shape()).isEqualTo(before.shape());
        }
        Files.delete(place);
        Files.move(moved, place);
        stored(RecordOf.results("2"), 2);
        assertThat(file).hasContent("1\n2\n");
    }
}
