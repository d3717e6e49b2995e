package dev.kstage.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.kafka.consumer.StartRule;
import dev.kstage.record.Bytes;
import dev.kstage.record.Header;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {
    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "10s, PT10S",
        "1m, PT1M",
        "2h, PT2H",
        "20d, PT480H",
        "1m30s, PT1M30S",
        "1h1m1s1ms, PT1H1M1.001S",
        "30s1m, PT1M30S",
        "0s1ms, PT0.001S"
    })
    void reads_a_time(String text, Duration duration) {
        assertThat(Converters.duration(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0s",
                "0ms0s",
                "10",
                "s",
                "-1s",
                "+1s",
                "1.5s",
                "1 s",
                " 1s",
                "1s ",
                "1sec",
                "1S",
                "1s,1ms",
                "x1s",
                "1x2s",
                "PT1S",
                "21d",
                "20d1ms",
                "999999999999d",
                "9999999999999s",
                "१s"
            })
    void refuses_what_is_no_time(String text) {
        assertThatThrownBy(() -> Converters.duration(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a duration like 500ms, 10s, 1m30s or 2h");
    }

    @Test
    void reads_the_values_of_from() {
        assertThat(Converters.startRule("earliest")).isEqualTo(new StartRule.Earliest());
        assertThat(Converters.startRule("latest")).isEqualTo(new StartRule.Latest());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 42, 999_999_999_999_999_999L})
    void reads_an_offset(long offset) {
        assertThat(Converters.startRule(Long.toString(offset))).isEqualTo(new StartRule.AtOffset(offset));
    }

    @Test
    void reads_the_last_records() {
        assertThat(Converters.startRule("-100")).isEqualTo(new StartRule.Last(100));
    }

    @ParameterizedTest
    @CsvSource({
        "@1767225600000, 2026-01-01T00:00:00Z",
        "@0, 1970-01-01T00:00:00Z",
        "@2026-01-31, 2026-01-31T00:00:00Z",
        "@2026-01-31T12:00, 2026-01-31T12:00:00Z",
        "@2026-01-31T12:00:01.5, 2026-01-31T12:00:01.500Z",
        "@2026-01-31T12:00:00Z, 2026-01-31T12:00:00Z",
        "@2026-01-31T12:00:00+01:00, 2026-01-31T11:00:00Z",
        "@2026-01-31T12:00-05:30, 2026-01-31T17:30:00Z"
    })
    void reads_a_time_to_start_at(String text, Instant time) {
        assertThat(Converters.startRule(text)).isEqualTo(new StartRule.Since(time));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Earliest", "first", "1.5", "+5", "--5", "-", "5-", "1234567890123456789", "-x", "१"})
    void refuses_what_is_no_start(String text) {
        assertThatThrownBy(() -> Converters.startRule(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage(
                        "'" + text
                                + "' is not a start position; use earliest, latest, an offset, -N for the last N records, or @TIME");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "now", "-5", "2026-02-30", "2026-13-01", "2026-01-31T25:00", "31.01.2026", "12:00"})
    void refuses_to_start_at_what_is_no_time(String text) {
        assertThatThrownBy(() -> Converters.startRule("@" + text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a time like 2026-01-31T12:00:00Z, 2026-01-31 or 1767225600000");
    }

    @ParameterizedTest
    @CsvSource(
            value = {"a=b, a, b", "a=, a, ''", "a=b=c, a, b=c", "a b= c, a b, ' c'"},
            ignoreLeadingAndTrailingWhitespace = true)
    void reads_a_header(String text, String name, String value) {
        assertThat(Converters.header(text)).isEqualTo(new Header(name, Bytes.of(value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "=b", "trace"})
    void refuses_a_header_without_a_name_or_a_value(String text) {
        assertThatThrownBy(() -> Converters.header(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a header like NAME=VALUE");
    }
}
