package dev.kstage.sink.jdbc.schema;

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
                    .hasMessageMatching(
                            "t: the escape \\\\ud[8c]00 is half of a character \\(an unpaired surrogate\\)");
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
                "timestamptz(ms); 1767225600123; 2026-01-01T00:00:00.123Z",
                "timestamptz(s); 1767261600; 2026-01-01T10:00:00Z",
                "timestamptz(s); 1767261600.5; 2026-01-01T10:00:00.500Z",
                "timestamptz(s); -1; 1969-12-31T23:59:59Z",
                "timestamptz(us); -1; 1969-12-31T23:59:59.999999Z",
                "timestamptz(us); 1767261600000001; 2026-01-01T10:00:00.000001Z",
                "timestamptz(us); 1767261600000001000e-3; 2026-01-01T10:00:00.000001Z",
                "timestamptz(ms); \"1767225600123\"; 2026-01-01T00:00:00.123Z",
                "timestamptz(ms); \"2026-01-31T12:00:00Z\"; 2026-01-31T12:00:00Z",
                "timestamp(s); 1767261600; 2026-01-01T10:00",
                "int; \"7\"; 7",
                "int; \"-2.0\"; -2",
                "bigint; \"1e3\"; 1000",
                "numeric; \"12.50\"; 12.50",
                "double; \"0.5\"; 0.5",
                "boolean; \"true\"; true",
                "boolean; \"false\"; false",
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
                "int; \"007\"; f: \"007\" is not an int",
                "int; \" 7\"; f: \" 7\" is not an int",
                "int; \"+7\"; f: \"+7\" is not an int",
                "int; \"7.5\"; f: \"7.5\" is not an int",
                "int; \"\"; f: \"\" is not an int",
                "numeric; \"1.\"; f: \"1.\" is not a numeric",
                "numeric; \".5\"; f: \".5\" is not a numeric",
                "numeric; \"1e\"; f: \"1e\" is not a numeric",
                "numeric; \"1,5\"; f: \"1,5\" is not a numeric",
                "numeric; \"NaN\"; f: \"NaN\" is not a numeric",
                "double; \"0x1p3\"; f: \"0x1p3\" is not a double",
                "double; \"1d\"; f: \"1d\" is not a double",
                "boolean; \"True\"; f: \"True\" is not a boolean",
                "boolean; \"1\"; f: \"1\" is not a boolean",
                "timestamptz; 1767261600; f: 1767261600 is a number without a unit: write timestamptz(s),"
                        + " timestamptz(ms) or timestamptz(us) in --columns",
                "timestamp; 1767261600; f: 1767261600 is a number without a unit: write timestamp(s),"
                        + " timestamp(ms) or timestamp(us) in --columns",
                "timestamptz(s); 1767261600000; f: 1767261600000 in s is not a time in the years 1 to 9999",
                "timestamptz(s); 1e99; f: 1e99 is not a timestamptz",
                "timestamptz(us); 0.0001; f: 0.0001 is not a timestamptz",
                "date; 1767261600; f: 1767261600 is not a date",
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

    @ParameterizedTest
    @CsvSource({"int, 7", "bigint, 7", "numeric, 12.5", "double, 12.5", "boolean, true", "timestamptz(s), 1767261600"})
    void with_strict_types_a_text_is_no_number_and_no_boolean(String type, String text) throws ColumnValues.Unfit {
        ColumnValues strict = new ColumnValues(Column.list("f " + type), false, true);
        assertThatThrownBy(() -> strict.of(("{\"f\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ColumnValues.Unfit.class)
                .hasMessageStartingWith("f: \"" + text + "\" is not ");
        assertThat(strict.of(("{\"f\":" + text + "}").getBytes(StandardCharsets.UTF_8))[0])
                .isNotNull();
    }

    @Test
    void refuses_what_has_no_fields() {
        assertThatThrownBy(() -> read("a int", "[1]"))
                .hasMessage("the value is not a JSON object, so it has no" + " fields for columns");
    }
}
