package dev.kstage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
    @TempDir
    Path home;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "consume w --form earliest | did you mean --from? `kstage consume --help`",
                "consume w --colmuns csv | did you mean --columns? `kstage consume --help`",
                "consume w --folow | did you mean --follow? `kstage consume --help`",
                "consume w --grup=g | did you mean --group? `kstage consume --help`",
                "produce w --cuont 1 | did you mean --count? `kstage produce --help`",
                "produce w --bootstrap localhost:1 | did you mean --bootstrap-server? `kstage produce --help`",
                "topic create w --partitons 3 | did you mean --partitions? `kstage topic create --help`",
                "env up --brokres 3 | did you mean --brokers? `kstage env up --help`",
                "consmue w | did you mean consume? `kstage --help`",
                "env satus | did you mean status? `kstage env --help`",
                "dead-leter list x | did you mean dead-letter? `kstage --help`",
                "help smok | did you mean smoke? `kstage --help`"
            })
    void names_what_is_nearest(String line, String suggestion) {
        CommandLineRun run = CommandLineRun.of(home, Map.of(), line.split(" ", -1));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("  try: " + suggestion + " shows commands and options\n");
    }

    @ParameterizedTest
    @CsvSource({"consume --entirely-different", "consume w second", "frobnicate", "warm"})
    void names_nothing_that_is_far_off(String line) {
        CommandLineRun run = CommandLineRun.of(home, Map.of(), line.split(" ", -1));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).doesNotContain("did you mean");
    }

    @Test
    void names_all_that_are_equally_near() {
        assertThat(Suggestions.nearest("--mix", List.of("--min", "--max", "--mid-point")))
                .containsExactly("--max", "--min");
    }

    @Test
    void takes_no_time_for_a_token_without_end() {
        assertThat(Suggestions.nearest("x".repeat(1_000_000), List.of("x".repeat(1_000))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"form, from, 1", "from, from, 0", "'', abc, 3", "kitten, sitting, 3", "ab, ba, 1"})
    void counts_letters_that_were_exchanged_as_one(String one, String other, int distance) {
        assertThat(Suggestions.distance(one, other)).isEqualTo(distance);
        assertThat(Suggestions.distance(other, one)).isEqualTo(distance);
    }
}
