package dev.kstage.kafka.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RunParametersTest {
    private static final RunParameters PARAMETERS = RunParameters.of(Map.of("--seed", "7", "--count", "100"));

    @Test
    void the_same_values_make_no_difference() {
        assertThat(PARAMETERS.differences(RunParameters.of(Map.of("--count", "100", "--seed", "7"))))
                .isEmpty();
    }

    @Test
    void what_differs_or_is_missing_is_named() {
        assertThat(PARAMETERS.differences(RunParameters.of(Map.of("--seed", "8", "--from", "a"))))
                .containsExactly("--count", "--from", "--seed");
    }

    @Test
    void a_difference_is_told_with_both_values_where_they_are_kept() {
        RunParameters now = RunParameters.of(Map.of("--seed", "8", "--from", "a"));

        assertThat(PARAMETERS.differenceFrom(now))
                .isEqualTo("--count was given, and is not now; --from is given now, and was not;"
                        + " --seed was 7 and is 8");
    }

    @Test
    void of_a_value_that_is_not_kept_only_that_it_differs_is_told() {
        assertThat(RunParameters.of(Map.of("--key", "old", "topic", "t 1"))
                        .differenceFrom(RunParameters.of(Map.of("--key", "new", "topic", "t 2"))))
                .isEqualTo("--key is another one (only a digest of its old value is kept);"
                        + " the topic was deleted and recreated since");
    }

    @Test
    void a_value_can_not_be_read_from_its_digest() {
        assertThat(RunParameters.of(Map.of("--key", "secret")).digests().get("--key"))
                .hasSize(12)
                .doesNotContain("secret");
    }
}
