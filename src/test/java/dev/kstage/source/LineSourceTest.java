package dev.kstage.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.record.Bytes;
import dev.kstage.record.Origin;
import dev.kstage.record.Record;
import dev.kstage.report.FailureText;
import dev.kstage.stage.Batch;
import dev.kstage.stage.Standing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LineSourceTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static InputStream input(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static LineSource started(InputStream input) {
        LineSource lines = new LineSource("standard input", input, new LineFormat.Value(), null);
        lines.start(Standing.atCreation());
        return lines;
    }

    private static List<Record> all(LineSource lines) {
        List<Record> records = new ArrayList<>();
        while (!lines.isAtEnd()) {
            records.addAll(lines.poll(1_000, LIMIT).records());
        }
        return records;
    }

    private static List<String> values(LineSource lines) {
        return all(lines).stream().map(record -> String.valueOf(record.value())).toList();
    }

    /** An input that fails where the bytes before it end. */
    private static InputStream failing() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Input/output error");
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                throw new IOException("Input/output error");
            }
        };
    }

    /** Gives a few bytes at a time, so that every kind of line lies across an edge. */
    private static InputStream inPiecesOf(int size, byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int from, int length) {
                return super.read(into, from, Math.min(size, length));
            }
        };
    }

    @Test
    void gives_a_record_a_line() {
        assertThat(values(started(input("one\ntwo\nthree\n")))).containsExactly("one", "two", "three");
    }

    @Test
    void numbers_records_by_their_line() {
        assertThat(all(started(input("one\n\nthree\n"))))
                .extracting(Record::offset)
                .containsExactly(1L, 3L);
    }

    @Test
    void gives_a_last_line_without_a_line_feed() {
        assertThat(values(started(input("one\ntwo")))).containsExactly("one", "two");
    }

    @Test
    void leaves_out_the_carriage_return_of_a_line_end() {
        assertThat(values(started(input("one\r\ntwo\r\n")))).containsExactly("one", "two");
    }

    @Test
    void keeps_bytes_that_are_no_text() {
        byte[] bytes = {(byte) 0xff, 0, '\n', (byte) 0xc3, '\n'};

        List<Record> records = all(started(new ByteArrayInputStream(bytes)));

        assertThat(records)
                .extracting(Record::value)
                .containsExactly(Bytes.of(new byte[] {(byte) 0xff, 0}), Bytes.of(new byte[] {(byte) 0xc3}));
    }

    @Test
    void skips_and_counts_empty_lines() {
        LineSource lines = started(input("\n\none\n\n"));

        assertThat(values(lines)).containsExactly("one");
        assertThat(lines.skipped()).isEqualTo(3);
    }

    @Test
    void gives_nothing_for_an_empty_input() {
        assertThat(values(started(input("")))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void puts_lines_together_that_were_read_in_pieces(int size) {
        byte[] bytes = "alpha\n\nbé\ngamma\r\ndelta".getBytes(StandardCharsets.UTF_8);

        assertThat(values(started(inPiecesOf(size, bytes)))).containsExactly("alpha", "bé", "gamma", "delta");
    }

    @ParameterizedTest
    @ValueSource(ints = {262_143, 262_144, 262_145, 524_288, 1_000_000})
    void puts_a_line_together_that_is_about_as_long_as_what_is_read_at_once(int length) {
        String large = "x".repeat(length);

        assertThat(values(started(input(large + "\nnext\n")))).containsExactly(large, "next");
    }

    @Test
    void gives_no_more_than_was_asked_for() {
        LineSource lines = started(input("one\ntwo\nthree\n"));

        assertThat(lines.poll(2, LIMIT).records()).hasSize(2);
        assertThat(lines.isAtEnd()).isFalse();
    }

    @Test
    void counts_the_bytes_that_were_given_as_its_position() {
        LineSource lines = started(input("one\n\ntwo\nthree\n"));

        Batch batch = lines.poll(3, LIMIT);

        assertThat(batch.to().next()).hasToString("{0=9}");
    }

    @Test
    void takes_neither_a_byte_order_mark_nor_the_cr_of_a_line_end_for_data() {
        LineSource lines = started(input("\ufeffone\r\n\r\n\ntw\ro\r\nthree\r"));
        List<Record> records = new ArrayList<>();
        // The last line has no end, so it comes once the input has ended.
        while (!lines.isAtEnd()) {
            records.addAll(lines.poll(10, LIMIT).records());
        }

        assertThat(records)
                .extracting(each -> each.offset() + " " + each.value())
                .containsExactly("1 one", "4 tw\ro", "5 three\r");
        assertThat(lines.skipped()).isEqualTo(2);
    }

    @Test
    void keeps_empty_lines_where_that_is_asked_for() {
        LineSource lines = new LineSource("in", input("\ufeff\r\n\na\n\n"), new LineFormat.ValueOrEmpty(), null);
        lines.start(Standing.atCreation());

        assertThat(lines.poll(10, LIMIT).records())
                .extracting(Record::value)
                .containsExactly(Bytes.of(""), Bytes.of(""), Bytes.of("a"), Bytes.of(""));
        assertThat(lines.skipped()).isZero();
    }

    @Test
    void tells_its_name() {
        assertThat(started(input("")).origin()).isEqualTo(new Origin("standard input", ""));
    }

    @Test
    void gives_a_line_of_a_slow_pipe_before_the_next_one_comes() throws IOException {
        PipedOutputStream pipe = new PipedOutputStream();
        LineSource lines = started(new PipedInputStream(pipe));
        pipe.write("one\ntw".getBytes(StandardCharsets.UTF_8));
        pipe.flush();

        List<Record> first = lines.poll(10, LIMIT).records();
        pipe.write("o\n".getBytes(StandardCharsets.UTF_8));
        pipe.flush();
        List<Record> second = lines.poll(10, LIMIT).records();

        assertThat(first).extracting(Record::value).containsExactly(Bytes.of("one"));
        assertThat(second).extracting(Record::value).containsExactly(Bytes.of("two"));
    }

    @Test
    void gives_an_empty_batch_when_nothing_comes_in_time() throws IOException {
        LineSource lines = started(new PipedInputStream(new PipedOutputStream()));

        assertThat(lines.poll(10, Duration.ofMillis(5)).records()).isEmpty();
        assertThat(lines.isAtEnd()).isFalse();
    }

    @Test
    void tells_that_the_input_cannot_be_read() {
        LineSource lines = started(failing());

        assertThat(FailureText.by(() -> lines.poll(10, LIMIT))).isEqualTo("""
                        FAILED: cannot read standard input
                        Input/output error
                        check the file, then run the same command again
                        """);
    }

    @Test
    void does_not_take_a_half_line_for_a_whole_one_when_reading_fails() {
        LineSource lines = started(new SequenceInputStream(input("one\nhal"), failing()));

        assertThat(lines.poll(1, LIMIT).records()).extracting(Record::value).containsExactly(Bytes.of("one"));
        assertThat(lines.isAssignmentAtEnd()).isFalse();
        assertThat(lines.poll(1, LIMIT).records()).isEmpty();
        // Time to commit what was read before.
        assertThat(lines.isAssignmentAtEnd()).isTrue();
        assertThat(FailureText.by(() -> lines.poll(1, LIMIT))).startsWith("FAILED: cannot read standard input\n");
    }

    @Test
    void gives_the_good_lines_before_it_names_the_one_that_cannot_be_read() {
        LineSource lines =
                new LineSource("orders.txt", input("a=1\n\nb\n"), new LineFormat.KeyValue(Bytes.of("=")), null);
        lines.start(Standing.atCreation());

        Batch good = lines.poll(10, LIMIT);
        assertThat(good.records()).extracting(Record::value).containsExactly(Bytes.of("1"));
        // The line that can't be read is not passed: a next run must not begin behind it.
        assertThat(good.to().next()).hasToString("{0=5}");
        assertThat(lines.isAtEnd()).isFalse();
        assertThat(FailureText.by(() -> lines.poll(10, LIMIT))).isEqualTo("""
                        FAILED: cannot read line 3 of orders.txt
                        it has no separator between key and value
                        name the separator of the input with --separator
                        """);
    }

    @Test
    void closes_its_input() {
        boolean[] closed = {false};
        LineSource lines = started(new ByteArrayInputStream(new byte[0]) {
            @Override
            public void close() {
                Arrays.fill(closed, true);
            }
        });

        lines.close();

        assertThat(closed).containsExactly(true);
    }

    private static LineSource keyed(KeyField.IfMissing rule) {
        LineSource lines = new LineSource(
                "in.jsonl",
                input("\ufeff{\"id\":1}\n\nno JSON\r\n{\"id\":3}\n{\"no\":4}"),
                new LineFormat.Value(),
                new KeyField("id", rule));
        lines.start(Standing.atCreation());
        return lines;
    }

    @Test
    void gives_what_is_before_a_line_without_a_key_and_then_names_that_line() {
        LineSource lines = keyed(KeyField.IfMissing.FAIL);

        Batch good = lines.poll(10, LIMIT);

        assertThat(good.records()).extracting(Record::key).containsExactly(Bytes.of("1"));
        assertThat(good.to().next()).containsEntry(0, 13L);
        assertThat(lines.isAssignmentAtEnd()).isTrue();
        assertThat(FailureText.by(() -> lines.poll(10, LIMIT))).isEqualTo("""
                FAILED: line 3 of in.jsonl has no key "id"
                the value is not JSON
                all lines before it are sent; correct this line, or say what to do with such lines with --key-if-missing
                """);
    }

    @Test
    void gives_lines_without_a_key_without_one() {
        assertThat(all(keyed(KeyField.IfMissing.NULL)))
                .extracting(each -> each.offset() + " " + each.key() + " " + each.value())
                .containsExactly("1 1 {\"id\":1}", "3 null no JSON", "4 3 {\"id\":3}", "5 null {\"no\":4}");
    }

    @Test
    void puts_lines_without_a_key_aside_as_they_are() {
        LineSource lines = keyed(KeyField.IfMissing.DEAD_LETTER);
        List<Record> records = new ArrayList<>();
        List<String> deadLetters = new ArrayList<>();
        int read = 0;
        while (!lines.isAtEnd()) {
            Batch batch = lines.poll(10, LIMIT);
            records.addAll(batch.records());
            batch.deadLetters()
                    .forEach(each -> deadLetters.add(
                            each.record().offset() + " " + each.record().value() + ": " + each.reason()));
            read += batch.read();
        }

        assertThat(records).extracting(Record::offset).containsExactly(1L, 4L);
        assertThat(deadLetters)
                .containsExactly(
                        "3 no JSON: no key \"id\": the value is not JSON",
                        "5 {\"no\":4}: no key \"id\": the value has no field \"id\"");
        assertThat(read).isEqualTo(4);
    }
}
