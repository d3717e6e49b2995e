package dev.kstage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0",
                "999|999",
                "1000|1,000",
                "1234567|1,234,567",
                "-1|-1",
                "-1000|-1,000",
                "9223372036854775807|9,223,372,036,854,775,807"
            })
    void separates_thousands_by_commas(long number, String shown) {
        assertThat(Text.count(number)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "1023,1023 B",
        "1024,1.0 KiB",
        "1536,1.5 KiB",
        "1048524,1023.9 KiB",
        "1048525,1.0 MiB",
        "1048576,1.0 MiB",
        "1073741824,1.0 GiB",
        "1099511627776,1.0 TiB",
        "1125899906842624,1.0 PiB",
        "9223372036854775807,8192.0 PiB",
        "-1,-1 B"
    })
    void shows_bytes_in_the_unit_that_fits(long bytes, String shown) {
        assertThat(Text.bytes(bytes)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0 ms",
        "999,999 ms",
        "1000,1.0 s",
        "2440,2.4 s",
        "59949,59.9 s",
        "59950,1 min 0 s",
        "60400,1 min 0 s",
        "200000,3 min 20 s",
        "3599499,59 min 59 s",
        "3599500,1 h 0 min",
        "5429000,1 h 30 min",
        "5430000,1 h 31 min",
        "180000000,50 h 0 min",
        "-5,-5 ms"
    })
    void shows_a_duration_in_the_units_that_matter(long millis, String shown) {
        assertThat(Text.duration(Duration.ofMillis(millis))).isEqualTo(shown);
    }

    @Test
    void shows_less_than_a_millisecond_as_none() {
        assertThat(Text.duration(Duration.ofNanos(999_999))).isEqualTo("0 ms");
    }

    @Test
    void is_the_same_in_every_locale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(Text.count(1234) + " " + Text.bytes(1536) + " " + Text.duration(Duration.ofMillis(2400)))
                    .isEqualTo("1,234 1.5 KiB 2.4 s");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void knows_no_rate_without_time() {
        assertThat(Text.perSecond(100, Duration.ZERO)).isZero();
    }

    @Test
    void rounds_a_rate() {
        assertThat(Text.perSecond(1000, Duration.ofMillis(1500))).isEqualTo(667);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0|0 records", "1|1 record", "2|2 records", "1000|1,000 records"})
    void says_one_record_and_two_records(long number, String shown) {
        assertThat(Text.plural(number, "record")).isEqualTo(shown);
    }

    @Test
    void escapes_control_characters() {
        assertThat(Text.harmless("a\u001b[31mred\u0000\t\r\n\u007f\u009b"))
                .isEqualTo("a\\x1b[31mred\\x00\\x09\\x0d\\x0a\\x7f\\x9b");
    }

    @Test
    void escapes_bidirectional_overrides() {
        assertThat(Text.harmless("x\u202ey\u2066z")).isEqualTo("x\\u202ey\\u2066z");
    }

    @Test
    void escapes_marks_of_direction_and_separators_of_lines() {
        assertThat(Text.harmless("a\u200eb\u200fc\u061cd\u2028e\u2029f"))
                .isEqualTo("a\\u200eb\\u200fc\\u061cd\\u2028e\\u2029f");
    }

    @Test
    void leaves_other_text_as_it_is() {
        String text = "Zürich – 東京 🙂 \u00a0 ~";

        assertThat(Text.harmless(text)).isSameAs(text);
    }
}
