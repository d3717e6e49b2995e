package dev.kstage.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.report.Told;
import dev.kstage.stage.Bytes;
import dev.kstage.stage.Header;
import dev.kstage.stage.Record;
import dev.kstage.stage.Results;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressingTest {
    private static final Header OWN = new Header("own", Bytes.of("1"));
    private static final Header ADDED = new Header("added", null);

    private static Record record(int partition, @Nullable String key, @Nullable String value) {
        return new Record(
                partition,
                12,
                34,
                key == null ? null : Bytes.of(key),
                value == null ? null : Bytes.of(value),
                List.of(OWN));
    }

    private static Addressing keyFrom(String field) {
        return new Addressing(null, field, List.of(), OptionalInt.empty());
    }

    private static Record addressed(Addressing addressing, Record record) {
        Results results = new Results();
        addressing.apply(record, results);
        return results.records().get(0);
    }

    @Test
    void changes_nothing_that_was_not_asked_for() {
        Addressing nothing = new Addressing(null, null, List.of(), OptionalInt.empty());

        assertThat(addressed(nothing, record(3, "k", "v"))).isEqualTo(record(3, "k", "v"));
    }

    @Test
    void gives_every_record_the_same_key() {
        Addressing addressing = new Addressing(Bytes.of("same"), null, List.of(), OptionalInt.empty());

        assertThat(addressed(addressing, record(0, "k", "v")).key()).isEqualTo(Bytes.of("same"));
    }

    @Test
    void adds_headers_after_those_of_the_record() {
        Addressing addressing = new Addressing(null, null, List.of(ADDED), OptionalInt.empty());

        assertThat(addressed(addressing, record(0, null, "v")).headers()).containsExactly(OWN, ADDED);
    }

    @Test
    void gives_a_partition_to_a_record_without_one() {
        Addressing addressing = new Addressing(null, null, List.of(), OptionalInt.of(5));

        assertThat(addressed(addressing, record(Record.UNSET, null, "v")).partition())
                .isEqualTo(5);
    }

    @Test
    void leaves_a_record_the_partition_that_it_names() {
        Addressing addressing = new Addressing(null, null, List.of(), OptionalInt.of(5));

        assertThat(addressed(addressing, record(2, null, "v")).partition()).isEqualTo(2);
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
    void takes_the_key_from_a_field(String value, String field, String key) {
        assertThat(addressed(keyFrom(field), record(0, "old", value)).key()).isEqualTo(Bytes.of(key));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|id|the value has no field \"id\" there",
                "{\"id\":{\"a\":1}}|id|the field is neither text nor a number nor a boolean",
                "{\"id\":[1]}|id|the field is neither text nor a number nor a boolean",
                "{\"id\":null}|id|the field is neither text nor a number nor a boolean",
                "{\"id\":1}|id.sub|the value has no field \"sub\" there",
                "{\"x\":{\"id\":1}}|id|the value has no field \"id\" there",
                "{\"id\":1}|.|the value has no field \"\" there",
                "[1]|id|the value is not a JSON object",
                "text|id|the value is not JSON",
                "{\"id|id|the value is not JSON"
            })
    void refuses_a_record_without_the_field(String value, String field, String why) {
        assertThat(Told.by(() -> addressed(keyFrom(field), record(0, null, value))))
                .isEqualTo(
                        "FAILED: record 12 of the input has no key \"" + field + "\"\n" + why
                                + "\nname a field that every record has with --key-from, or give all the same key with --key\n");
    }

    @Test
    void refuses_to_take_a_key_from_a_tombstone() {
        assertThat(Told.by(() -> addressed(keyFrom("id"), record(0, null, null))))
                .isEqualTo("""
                        FAILED: record 12 of the input has no key "id"
                        the record has no value
                        name a field that every record has with --key-from, or give all the same key with --key
                        """);
    }

    /** Of a topic with seven partitions: the CRC-32 that zlib has for the key, modulo 7. */
    @ParameterizedTest
    @CsvSource({"a, 4", "user_7, 2", "123456789, 5", "ключ, 1"})
    void sends_a_key_where_librdkafka_does(String key, int partition) {
        assertThat(asLibrdkafka(record(Record.UNSET, key, "v"))).isEqualTo(record(partition, key, "v"));
    }

    @Test
    void leaves_what_has_no_key_or_a_partition_to_others_for_librdkafka_too() {
        assertThat(asLibrdkafka(record(Record.UNSET, null, "v")).partition()).isEqualTo(Record.UNSET);
        assertThat(asLibrdkafka(record(Record.UNSET, "", "v")).partition()).isEqualTo(Record.UNSET);
        assertThat(asLibrdkafka(record(6, "a", "v")).partition()).isEqualTo(6);
    }

    private static Record asLibrdkafka(Record record) {
        Results results = new Results();
        new Addressing(null, null, List.of(), OptionalInt.empty())
                .asLibrdkafka(7)
                .apply(record, results);
        return results.records().get(0);
    }
}
