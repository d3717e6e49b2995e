package dev.kstage.kafka;

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
    void a_value_can_not_be_read_from_its_digest() {
        assertThat(RunParameters.of(Map.of("--key", "secret")).digests().get("--key"))
                .hasSize(12)
                .doesNotContain("secret");
    }
}
