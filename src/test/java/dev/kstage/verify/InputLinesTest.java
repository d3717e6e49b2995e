package dev.kstage.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.record.Bytes;
import dev.kstage.record.Record;
import dev.kstage.record.StoredRow;
import dev.kstage.source.LineFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputLinesTest {
    @TempDir
    Path directory;

    private InputLines input(LineFormat format, String content) throws IOException {
        return InputLines.read(Files.writeString(directory.resolve("in.jsonl"), content), format, Long.MAX_VALUE);
    }

    private InputLines input(String content) throws IOException {
        return input(new LineFormat.Value(), content);
    }

    private static Verdict verdict(InputLines input, int partition, String... values) {
        Comparison comparison = new Comparison(input);
        for (int at = 0; at < values.length; at++) {
            comparison.add(new StoredRow(partition, "row", at + 1, Bytes.of(values[at])));
        }
        return comparison.verdict(0);
    }

    private static String said(InputLines input, String... values) {
        return VerdictText.of(verdict(input, 0, values));
    }

    @Test
    void finds_all_lines_stored_in_any_order_of_partitions() throws IOException {
        assertThat(VerdictText.of(verdict(input("{}\n\n1\n2"), Record.UNSET, "2", "{}", "1")))
                .isEqualTo("3 of 3 stored");
    }

    @Test
    void takes_neither_a_byte_order_mark_nor_the_cr_of_a_line_end_for_data() throws IOException {
        assertThat(said(input("\ufeff1\r\n\r\n2\r\n3\r"), "1", "2", "3\r")).isEqualTo("3 of 3 stored");
    }

    @Test
    void expects_empty_lines_where_they_were_kept() throws IOException {
        assertThat(said(input(new LineFormat.ValueOrEmpty(), "\ufeff\r\n1\r\n\n"), "", "1", ""))
                .isEqualTo("3 of 3 stored");
    }

    @Test
    void finds_a_lost_line_and_says_which() throws IOException {
        assertThat(said(input("1\n\n2\n3\n"), "1", "3"))
                .isEqualTo("2 of 3 stored\n1 lost: line 3 of in.jsonl is not stored");
    }

    @Test
    void finds_a_duplicated_line() throws IOException {
        assertThat(said(input("1\n2\n"), "1", "2", "2"))
                .isEqualTo("3 of 2 stored\n1 duplicated: row 3 is line 2 of in.jsonl a second time");
    }

    @Test
    void finds_a_row_that_is_no_line() throws IOException {
        assertThat(said(input("1\n2\n"), "1", "2", "3"))
                .isEqualTo("3 of 2 stored\n1 foreign: row 3 is no event of the run");
    }

    @Test
    void takes_an_altered_line_for_a_lost_one_and_an_unexpected_one() throws IOException {
        assertThat(said(input("1\n2\n"), "1", "2 "))
                .isEqualTo("2 of 2 stored\n1 lost: line 2 of in.jsonl is not stored"
                        + "\n1 foreign: row 2 is no event of the run");
    }

    @Test
    void finds_each_of_equal_lines() throws IOException {
        InputLines input = input("1\n".repeat(1000) + "2\n" + "1\n".repeat(500));
        String[] stored = new String[1500];
        Arrays.fill(stored, "1");

        assertThat(said(input, stored)).isEqualTo("1500 of 1501 stored\n1 lost: line 1001 of in.jsonl is not stored");
    }

    @Test
    void finds_how_many_of_equal_lines_are_lost_or_duplicated() throws IOException {
        assertThat(verdict(input("1\n1\n1\n2\n"), 0, "1", "2").count(Finding.LOST))
                .isEqualTo(2);
        assertThat(verdict(input("1\n1\n2\n"), 0, "1", "2", "1", "1", "1").count(Finding.DUPLICATED))
                .isEqualTo(2);
    }

    @Test
    void finds_lines_of_a_partition_out_of_order() throws IOException {
        assertThat(said(input("1\n2\n3\n"), "1", "3", "2"))
                .isEqualTo("3 of 3 stored\n1 reordered: row 3, line 2 of in.jsonl, is stored after line 3 of in.jsonl"
                        + " of the same partition");
    }

    @Test
    void of_another_run_no_order_is_wrong() throws IOException {
        assertThat(verdict(input("1\n2\n"), 0, "3", "4").checks())
                .extracting(check -> check.name() + ": " + check.detail())
                .contains("order kept for each partition: 0 of 2 events out of order");
    }

    @Test
    void says_that_it_cannot_check_the_order_where_partitions_are_not_stored() throws IOException {
        assertThat(verdict(input("1\n2\n"), Record.UNSET, "2", "1").checks())
                .extracting(check -> check.name() + ": " + check.detail())
                .contains("order kept: not checked: the destination does not store partitions");
    }

    @Test
    void does_not_take_equal_lines_of_different_partitions_for_reordered() throws IOException {
        assertThat(said(input("1\n2\n1\n"), "2", "1", "1")).isEqualTo("3 of 3 stored");
    }

    @Test
    void knows_the_values_of_keys_and_values() throws IOException {
        assertThat(said(input(new LineFormat.KeyValue(Bytes.of("\t")), "a\t1\nb\t2\n"), "1", "2"))
                .isEqualTo("2 of 2 stored");
    }

    @Test
    void knows_a_value_with_line_feeds_by_the_one_line_that_it_is_stored_as() throws IOException {
        assertThat(said(input(new LineFormat.Json(), "{\"value\":\"{\\n}\"}\n"), "{ }"))
                .isEqualTo("1 of 1 stored");
    }

    @Test
    void expects_no_more_lines_than_were_sent() throws IOException {
        Path file = Files.writeString(directory.resolve("in.jsonl"), "1\n2\n3\n");

        assertThat(said(InputLines.read(file, new LineFormat.Value(), 2), "1", "2"))
                .isEqualTo("2 of 2 stored");
    }

    @Test
    void sorts_and_finds_a_hundred_thousand_lines() throws IOException {
        StringBuilder content = new StringBuilder();
        String[] stored = new String[100_000];
        for (int line = 0; line < stored.length; line++) {
            stored[line] = "{\"n\":" + line + "}";
            content.append(stored[line]).append('\n');
        }

        assertThat(said(input(content.toString()), stored)).isEqualTo("100000 of 100000 stored");
    }
}
