package dev.kstage.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kstage.record.Bytes;
import dev.kstage.record.Header;
import dev.kstage.record.Record;
import dev.kstage.source.KeyField.IfMissing;
import dev.kstage.source.KeyField.Missing;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class KeyFieldTest {
    private static final Header OWN = new Header("own", Bytes.of("1"));

    private static Record record(@Nullable String key, @Nullable String value) {
        return new Record(
                3, 12, 34, key == null ? null : Bytes.of(key), value == null ? null : Bytes.of(value), List.of(OWN));
    }

    private static String missing(String field, IfMissing rule, @Nullable String value) {
        return catchThrowableOfType(Missing.class, () -> new KeyField(field, rule).keyed(record("old", value)))
                .why();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":\"u1\"}|id|u1",
                "{\"id\":17}|id|17",
                "{\"id\":1.50}|id|1.50",
                "{\"id\":true}|id|true",
                "{\"id\":\"\"}|id|``",
                "{\"x\":{\"id\":\"no\"},\"id\":\"yes\"}|id|yes",
                "{\"a\":{\"z\":[{\"b\":0}],\"b\":{\"c\":\"deep\"}}}|a.b.c|deep",
                "{\"id\":\"\\u00e9\"}|id|é"
            })
    void is_the_key_and_nothing_else_changes(String value, String field, String key) throws Missing {
        assertThat(new KeyField(field, IfMissing.FAIL).keyed(record("old", value)))
                .isEqualTo(record(key, value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|id|the value has no field \"id\"",
                "{\"id\":{\"a\":1}}|id|the field is not a string, a number or a boolean",
                "{\"id\":[1]}|id|the field is not a string, a number or a boolean",
                "{\"id\":null}|id|the field is not a string, a number or a boolean",
                "{\"id\":1}|id.sub|the value has no field \"sub\"",
                "{\"x\":{\"id\":1}}|id|the value has no field \"id\"",
                "{\"id\":1}|.|the value has no field \"\"",
                "[1]|id|the value is not a JSON object",
                "text|id|the value is not JSON",
                "{\"id|id|the value is not JSON"
            })
    void is_missing_for_a_reason(String value, String field, String why) throws Missing {
        assertThat(missing(field, IfMissing.FAIL, value)).isEqualTo(why);
        assertThat(missing(field, IfMissing.DEAD_LETTER, value)).isEqualTo(why);
        assertThat(new KeyField(field, IfMissing.NULL).keyed(record("old", value)))
                .isEqualTo(record(null, value));
    }

    @ParameterizedTest
    @EnumSource(value = IfMissing.class, names = "NULL", mode = EnumSource.Mode.EXCLUDE)
    void is_missing_in_a_tombstone(IfMissing rule) {
        assertThat(missing("id", rule, null)).isEqualTo("the record has no value");
    }

    @Test
    void is_missing_in_a_line_that_is_named() {
        assertThat(new KeyField("id", IfMissing.FAIL)
                        .failure("line 7 of in.jsonl", new Missing("why"))
                        .what())
                .isEqualTo("line 7 of in.jsonl has no key \"id\"");
    }
}
