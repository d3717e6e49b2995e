package dev.kstage.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.record.Bytes;
import dev.kstage.record.DeadLetter;
import dev.kstage.record.Record;
import dev.kstage.stage.Results;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCheckTest {
    private static final String GOOD = "stored";

    private final JsonCheck check = new JsonCheck();

    /** The reason why a value is rejected, or {@link #GOOD}. */
    private String checked(@Nullable Bytes value) {
        Results results = new Results();
        check.apply(new Record(0, 0, 0, null, value, List.of()), results);
        return results.deadLetters().stream()
                .map(DeadLetter::reason)
                .findFirst()
                .orElse(GOOD);
    }

    private String checked(String value) {
        return checked(Bytes.of(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "-0.5e-10",
                "\"text\"",
                " \t\r\n{ \"a\" : [ 1 , 2 ] }\n ",
                "{\"a\":1,\"a\":2}",
                "{\"\":\"\"}",
                "\"é 東京 🙂\"",
                "\"\\ud83d\\ude42 \\n \\u0000\"",
                "\"\u007f\u2028\"",
                "1e99999"
            })
    void stores_json(String value) {
        assertThat(checked(value)).isEqualTo(GOOD);
    }

    @Test
    void keeps_the_record_that_it_was_given() {
        Record record = new Record(1, 2, 3, Bytes.of("k"), Bytes.of(" { } "), List.of());
        Results results = new Results();

        check.apply(record, results);

        assertThat(results.records()).singleElement().isSameAs(record);
    }

    @Test
    void rejects_a_tombstone() {
        assertThat(checked((Bytes) null)).isEqualTo("no value (a tombstone)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t\r "})
    void rejects_what_is_empty(String value) {
        assertThat(checked(value)).isEqualTo("not JSON: the value is empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{} {}", "1 2", "{}\n[]", "\"a\"\"b\"", "[],"})
    void rejects_more_than_one_value(String value) {
        assertThat(checked(value)).startsWith("not JSON: ");
    }

    @Test
    void says_that_text_follows_the_value() {
        assertThat(checked("{} {}")).isEqualTo("not JSON: text follows the end of the JSON value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[1,",
                "\"a",
                "{\"a\"}",
                "{\"a\":}",
                "{a:1}",
                "{'a':1}",
                "[1,]",
                "{\"a\":1,}",
                "]",
                "01",
                "+1",
                ".5",
                "5.",
                "1e",
                "--1",
                "0x10",
                "NaN",
                "Infinity",
                "-Infinity",
                "TRUE",
                "nul",
                "nulll",
                "tru e",
                "// c\n1",
                "/* c */ 1",
                "# c\n1",
                "\"a\nb\"",
                "\"a\tb\"",
                "\"\\x41\"",
                "\"\\u12\"",
                "undefined",
                "1a",
                "{} x",
                "\u00a01",
                "\"\u001f\""
            })
    void rejects_what_is_no_json(String value) {
        assertThat(checked(value)).startsWith("not JSON: ");
    }

    @Test
    void says_where_a_value_goes_wrong() {
        assertThat(checked("{\"a\":tru}"))
                .isEqualTo("not JSON: Unrecognized token 'tru': was expecting (JSON String, Number, Array, Object or"
                        + " token 'null', 'true' or 'false') at byte 5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{\"a\":1~Unexpected end-of-input: expected close marker for Object",
                "[~Unexpected end-of-input: expected close marker for Array",
                "[1}~Unexpected close marker '}': expected ']'",
                "NaN~Non-standard token 'NaN'",
                "1e~Unexpected end-of-input",
                "+1~Unexpected character ('+' (code 43)) in numeric value: JSON spec does not allow numbers to have"
                        + " plus signs",
                "// c~Unexpected character ('/' (code 47)): maybe a (non-standard) comment?"
            })
    void says_in_plain_words_what_is_wrong(String value, String reason) {
        assertThat(checked(value)).matches("not JSON: " + Pattern.quote(reason) + "( at byte \\d+)?");
    }

    @Test
    void says_in_bytes_where_a_value_goes_wrong() {
        assertThat(checked("[\"é🙂\",,]")).endsWith(" at byte 10");
    }

    @Test
    void keeps_control_characters_out_of_the_reason() {
        assertThat(checked("\u001b[31m")).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource({
        "22c0af22, 1", // overlong slash
        "22c0a222, 1", // overlong quotation mark
        "22e080af22, 1", // overlong in three bytes
        "22f08080af22, 1", // overlong in four bytes
        "22eda08022, 1", // high surrogate
        "22edb08022, 1", // low surrogate
        "22f490808022, 1", // above U+10FFFF
        "22f822, 1", // no such lead byte
        "22ff22, 1",
        "228022, 1", // continuation without a lead
        "2261c3, 2", // cut off
        "2261e282, 2",
        "2261f09f98, 2",
        "22c322, 1"
    })
    void rejects_what_is_not_utf8(String hex, int at) {
        assertThat(checked(Bytes.of(HexFormat.of().parseHex(hex)))).isEqualTo("not UTF-8 at byte " + at);
    }

    @Test
    void finds_the_fault_behind_the_first_buffer() {
        byte[] value = ("\"é" + "x".repeat(20_000) + "\"").getBytes(StandardCharsets.UTF_8);
        value[20_001] = (byte) 0xff;

        assertThat(checked(Bytes.of(value))).isEqualTo("not UTF-8 at byte 20001");
    }

    @Test
    void finds_a_character_across_the_edge_of_the_buffer_good() {
        assertThat(checked("\"" + "x".repeat(8190) + "🙂" + "é".repeat(9000) + "\""))
                .isEqualTo(GOOD);
    }

    @Test
    void rejects_a_byte_order_mark() {
        assertThat(checked("\ufeff{}")).isEqualTo("not JSON: the value starts with a byte order mark");
    }

    @ParameterizedTest
    @CsvSource({"UTF-16BE, 0", "UTF-16LE, 1", "UTF-32BE, 0", "UTF-32LE, 1"})
    void rejects_other_encodings(String encoding, int at) {
        assertThat(checked(Bytes.of("{}".getBytes(Charset.forName(encoding)))))
                .isEqualTo("not JSON: zero byte at byte " + at);
    }

    @Test
    void rejects_a_zero_byte_after_a_good_value() {
        assertThat(checked("{}\u0000")).isEqualTo("not JSON: zero byte at byte 2");
    }

    @Test
    void stores_a_value_nested_as_deep_as_is_allowed() {
        assertThat(checked("[".repeat(1000) + "]".repeat(1000))).isEqualTo(GOOD);
    }

    @Test
    void rejects_a_value_nested_deeper() {
        assertThat(checked("[".repeat(1001) + "]".repeat(1001))).startsWith("not JSON: ");
    }

    @Test
    void rejects_a_value_nested_ten_thousand_deep() {
        assertThat(checked("{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000))).startsWith("not JSON: ");
    }

    @Test
    void stores_a_string_of_ten_megabytes() {
        assertThat(checked("\"" + "x".repeat(10_000_000) + "\"")).isEqualTo(GOOD);
    }

    @Test
    void stores_a_number_of_ten_megabytes() {
        assertThat(checked("[" + "9".repeat(10_000_000) + "]")).isEqualTo(GOOD);
    }

    @Test
    void stores_a_name_of_a_megabyte() {
        assertThat(checked("{\"" + "n".repeat(1_000_000) + "\":1}")).isEqualTo(GOOD);
    }

    @Test
    void continues_after_a_bad_value() {
        checked(Bytes.of(new byte[] {'"', (byte) 0xc3}));

        assertThat(checked("\"é\"")).isEqualTo(GOOD);
    }
}
