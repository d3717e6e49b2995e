package dev.kstage.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ColumnValuesTest {
    private static @Nullable Object[] read(String columns, String value) throws ColumnValues.Unfit {
        return new ColumnValues(Column.list(columns)).of(value.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void reads_top_level_fields_and_passes_over_the_rest() throws ColumnValues.Unfit {
        assertThat(read(
                        "a text, b bigint, c numeric, d boolean, e double, f json, g int",
                        "{\"x\":{\"a\":1,\"b\":[2]},\"a\":\"ä\\n\",\"b\":9007199254740993,\"c\":12.30,\"d\":true,"
                                + "\"e\":1e3,\"f\":{ \"é\" : [1, 2.0] },\"z\":[{}]}"))
                .containsExactly("ä\n", 9007199254740993L, "12.30", true, 1000.0, "{ \"é\" : [1, 2.0] }", null);
    }

    @Test
    void takes_the_last_of_fields_of_one_name_and_null_for_absent() throws ColumnValues.Unfit {
        assertThat(read("a int, b int", "{\"a\":1,\"b\":1,\"a\":2,\"b\":null}")).containsExactly(2L, null);
    }

    @Test
    void half_of_a_surrogate_pair_is_no_text() throws ColumnValues.Unfit {
        assertThat(read("t text", "{\"t\":\"\\ud83d\\ude00\"}")).containsExactly("\ud83d\ude00");
        for (String half : List.of("ud800", "udc00", "ud800x", "udc00\\ud800")) {
            assertThatThrownBy(() -> read("t text", "{\"t\":\"a\\" + half + "\"}"))
                    .isInstanceOf(ColumnValues.Unfit.class)
                    .hasMessageMatching("t: the escape \\\\ud[8c]00 is half of a character, which no text can hold");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "text; 1.50; 1.50",
                "text; true; true",
                "int; 3.0; 3",
                "bigint; 1e3; 1000",
                "numeric; 123456789012345678901234567890.5; 123456789012345678901234567890.5",
                "timestamptz; \"2026-01-31T12:00:00.123456+02:00\"; 2026-01-31T10:00:00.123456Z",
                "timestamptz; \"2026-01-31 12:00:00Z\"; 2026-01-31T12:00:00Z",
                "timestamptz; 1767225600123; 2026-01-01T00:00:00.123Z",
                "timestamp; \"2026-01-31T12:00:01\"; 2026-01-31T12:00:01",
                "date; \"2024-02-29\"; 2024-02-29",
                "json; \"a\\u0000b\"; \"a\\u0000b\"",
                "json; 1.0; 1.0",
                "json; false; false",
                "json; [ ]; [ ]"
            })
    void reads_a_field_as_its_type(String type, String field, String expected) throws ColumnValues.Unfit {
        assertThat(read("before int, f " + type + ", after int", "{\"before\":1,\"f\":" + field + ",\"after\":2}"))
                .extracting(String::valueOf)
                .containsExactly("1", expected, "2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "text; {}; f: an object is not a text",
                "int; 2147483648; f: 2147483648 is not an int",
                "int; 1.5; f: 1.5 is not an int",
                "int; \"1\"; f: \"1\" is not an int",
                "int; 1e999999999; f: 1e999999999 is not an int",
                "bigint; 9223372036854775808; f: 9223372036854775808 is not a bigint",
                "numeric; \"abc\"; f: \"abc\" is not a numeric",
                "double; 1e999; f: 1e999 is not a double",
                "boolean; 1; f: 1 is not a boolean",
                "timestamptz; \"2026-01-31T12:00:00\"; f: \"2026-01-31T12:00:00\" is not a timestamptz",
                "timestamp; \"2026-01-31T12:00:00Z\"; f: \"2026-01-31T12:00:00Z\" is not a timestamp",
                "date; \"2026-02-29\"; f: \"2026-02-29\" is not a date",
                "date; [1]; f: an array is not a date"
            })
    void says_which_field_does_not_fit_and_why(String type, String field, String why) {
        assertThatThrownBy(() -> read("f " + type, "{\"f\":" + field + "}"))
                .isInstanceOf(ColumnValues.Unfit.class)
                .hasMessage(why);
    }

    @Test
    void refuses_what_has_no_fields() {
        assertThatThrownBy(() -> read("a int", "[1]")).hasMessage("not a JSON object, so it has no fields for columns");
    }
}
