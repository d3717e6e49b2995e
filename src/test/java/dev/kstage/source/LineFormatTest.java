package dev.kstage.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.record.Bytes;
import dev.kstage.record.Header;
import dev.kstage.record.Record;
import dev.kstage.report.FailureText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineFormatTest {
    private static Record read(LineFormat format, String line) {
        return format.record(line.getBytes(StandardCharsets.UTF_8), 5, "line 5 of x");
    }

    private static Record json(String line) {
        return read(new LineFormat.Json(), line);
    }

    private static Record record(@Nullable String key, @Nullable String value) {
        return new Record(
                -1, 5, -1, key == null ? null : Bytes.of(key), value == null ? null : Bytes.of(value), List.of());
    }

    @Test
    void takes_a_line_as_the_value() {
        assertThat(read(new LineFormat.Value(), "a\tb")).isEqualTo(record(null, "a\tb"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "=|k=v|k|v",
                "=|k=a=b|k|a=b",
                "=|=v|``|v",
                "=|k=|k|``",
                "::|a:b::c|a:b|c",
                "::|a:::b|a|:b",
                "é|kév|k|v"
            })
    void splits_a_line_at_the_first_separator(String separator, String line, String key, String value) {
        assertThat(read(new LineFormat.KeyValue(Bytes.of(separator)), line)).isEqualTo(record(key, value));
    }

    @Test
    void refuses_a_line_that_has_but_a_part_of_the_separator() {
        assertThat(FailureText.by(() -> read(new LineFormat.KeyValue(Bytes.of("::")), "a:b:")))
                .isEqualTo("""
                        FAILED: cannot read line 5 of x
                        it has no separator between key and value
                        name the separator of the input with --separator
                        """);
    }

    @Test
    void takes_a_whole_record_from_json() {
        Record record = json("""
                {"key":"k","value":"v","headers":{"h":"1","n":null},"partition":3,"timestamp":1767225600000}""");

        assertThat(record)
                .isEqualTo(new Record(
                        3,
                        5,
                        1_767_225_600_000L,
                        Bytes.of("k"),
                        Bytes.of("v"),
                        List.of(new Header("h", Bytes.of("1")), new Header("n", null))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"value\":\"text\"}|text",
                "{\"value\":\"\"}|``",
                "{\"value\":{\"a\": [1, 2.50] }}|{\"a\": [1, 2.50] }",
                "{\"value\":[ ]}|[ ]",
                "{\"value\":17}|17",
                "{\"value\" : 1e400 , \"topic\":1}|1e400",
                "{\"value\":-0.10 }|-0.10",
                "{\"topic\":\"é\",\"value\":123456789012345678901234567890}|123456789012345678901234567890",
                "{\"value\":{\"n\":1.00000000000000000000001,\"é\":\"\\u00e9\"},\"partition\":null}"
                        + "|{\"n\":1.00000000000000000000001,\"é\":\"\\u00e9\"}",
                "  {\"value\":false}|false",
                "{\"value\":true}|true",
                "{\"value\":null}|",
                "{}|",
                "{\"valueBase64\":\"w6k=\"}|é",
                "{\"valueBase64\":\"\"}|``"
            })
    void takes_a_value_from_json(String line, @Nullable String value) {
        assertThat(json(line)).isEqualTo(record(null, value));
    }

    @Test
    void takes_keys_and_headers_that_are_no_text_as_they_stand() {
        Record record = json("""
                {"key":{ "id":1e400 },"headers":{"a":[1 ,2],"b":0.10},"value":"v"}""");

        assertThat(record.key()).isEqualTo(Bytes.of("{ \"id\":1e400 }"));
        assertThat(record.headers())
                .containsExactly(new Header("a", Bytes.of("[1 ,2]")), new Header("b", Bytes.of("0.10")));
    }

    @Test
    void takes_a_number_of_any_length_unchanged() {
        String number = "9".repeat(20_000);

        assertThat(json("{\"value\":" + number + "}").value()).isEqualTo(Bytes.of(number));
        assertThat(json("{\"value\":[" + number + ".5]}").value()).isEqualTo(Bytes.of("[" + number + ".5]"));
    }

    @Test
    void takes_back_a_dead_letter_as_it_was_stored() {
        Record record = json("""
                {"topic":"orders","partition":3,"offset":42,"timestamp":7,"reason":"is wrong","key":"k","valueBase64":"/wAB","headers":[{"key":"h","value":"1"},{"key":"h","valueBase64":"/w=="},{"key":"n","value":null}]}""");

        assertThat(record)
                .isEqualTo(new Record(
                        3,
                        5,
                        7,
                        Bytes.of("k"),
                        Bytes.of(new byte[] {(byte) 0xff, 0, 1}),
                        List.of(
                                new Header("h", Bytes.of("1")),
                                new Header("h", Bytes.of(new byte[] {(byte) 0xff})),
                                new Header("n", null))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1]|it is not a JSON object|use --format value to send lines unchanged",
                "17|it is not a JSON object|use --format value to send lines unchanged",
                "{\"vaule\":1}|the unknown field is \"vaule\"|use key, value, headers, partition and timestamp;"
                        + " or use --format value to send lines unchanged",
                "{\"value\":1} {\"value\":2}|text follows the end of the object|write one record per line",
                "{\"partition\":-1}|its partition is not a whole number of at least 0|correct the line",
                "{\"partition\":2147483648}|its partition is not a whole number of at least 0|correct the line",
                "{\"partition\":\"1\"}|its partition is not a whole number of at least 0|correct the line",
                "{\"timestamp\":1.5}|its timestamp is not a whole number of at least 0|correct the line",
                "{\"timestamp\":9223372036854775808}|its timestamp is not a whole number of at least 0|correct"
                        + " the line",
                "{\"headers\":\"h=1\"}|its headers are neither an object nor an array of objects with a"
                        + " key|correct the line",
                "{\"headers\":[1]}|its headers are neither an object nor an array of objects with a key|correct"
                        + " the line",
                "{\"headers\":[{\"value\":\"1\"}]}|its headers are neither an object nor an array of objects with a key"
                        + "|correct the line"
            })
    void refuses_what_is_no_record(String line, String why, String remedy) {
        assertThat(FailureText.by(() -> json(line)))
                .isEqualTo("FAILED: cannot read line 5 of x\n" + why + "\n" + remedy + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"text", "{\"key\":", "{\"valueBase64\":\"%%%\"}"})
    void refuses_what_is_no_json(String line) {
        assertThat(FailureText.by(() -> json(line))).startsWith("FAILED: cannot read line 5 of x\nit is not JSON: ");
    }
}
