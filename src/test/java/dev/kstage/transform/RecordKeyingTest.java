package dev.kstage.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.record.Bytes;
import dev.kstage.record.Header;
import dev.kstage.record.Record;
import dev.kstage.stage.Results;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordKeyingTest {
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

    private static Record addressed(RecordKeying addressing, Record record) {
        Results results = new Results();
        addressing.apply(record, results);
        return results.records().get(0);
    }

    @Test
    void changes_nothing_that_was_not_asked_for() {
        RecordKeying nothing = new RecordKeying(null, List.of(), OptionalInt.empty());

        assertThat(addressed(nothing, record(3, "k", "v"))).isEqualTo(record(3, "k", "v"));
    }

    @Test
    void gives_every_record_the_same_key() {
        RecordKeying addressing = new RecordKeying(Bytes.of("same"), List.of(), OptionalInt.empty());

        assertThat(addressed(addressing, record(0, "k", "v")).key()).isEqualTo(Bytes.of("same"));
    }

    @Test
    void adds_headers_after_those_of_the_record() {
        RecordKeying addressing = new RecordKeying(null, List.of(ADDED), OptionalInt.empty());

        assertThat(addressed(addressing, record(0, null, "v")).headers()).containsExactly(OWN, ADDED);
    }

    @Test
    void gives_a_partition_to_a_record_without_one() {
        RecordKeying addressing = new RecordKeying(null, List.of(), OptionalInt.of(5));

        assertThat(addressed(addressing, record(Record.UNSET, null, "v")).partition())
                .isEqualTo(5);
    }

    @Test
    void leaves_a_record_the_partition_that_it_names() {
        RecordKeying addressing = new RecordKeying(null, List.of(), OptionalInt.of(5));

        assertThat(addressed(addressing, record(2, null, "v")).partition()).isEqualTo(2);
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
        new RecordKeying(null, List.of(), OptionalInt.empty()).asLibrdkafka(7).apply(record, results);
        return results.records().get(0);
    }
}
