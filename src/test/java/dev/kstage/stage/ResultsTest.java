package dev.kstage.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.record.Bytes;
import dev.kstage.record.Record;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {
    @Test
    void counts_what_was_read_and_its_bytes() {
        Results results = new Results();

        results.store(new Record(0, 0, 0, Bytes.of("ab"), Bytes.of("cde"), List.of()));
        results.reject(new Record(0, 1, 0, null, null, List.of()), "no value");
        results.filter();

        assertThat(results.read()).isEqualTo(3);
        assertThat(results.bytes()).isEqualTo(5);
        assertThat(results.filtered()).isEqualTo(1);
    }
}
