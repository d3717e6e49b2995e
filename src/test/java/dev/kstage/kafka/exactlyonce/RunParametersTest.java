package dev.kstage.kafka.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
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
        RunParameters parameters =
                RunParameters.of(Map.of("--key", "secret", "--header", "[a=secret]", "--from", "long".repeat(20)));

        assertThat(parameters.stored().values()).hasSize(3).allSatisfy(each -> assertThat(each)
                .matches("[0-9a-f]{12}"));
    }

    @Test
    void a_short_value_is_told_as_it_was_and_as_it_is() {
        assertThat(RunParameters.of(Map.of("--count", "OptionalLong[10]", "--from", "a", "--key-from", "null"))
                        .differenceFrom(RunParameters.of(
                                Map.of("--count", "OptionalLong.empty", "--from", "b", "--key-from", "id"))))
                .isEqualTo(
                        "--count was 10 and is not given; --from was a and is b; --key-from was not given and is id");
    }

    @Test
    void of_a_long_value_the_new_one_is_told_if_that_is_short() {
        RunParameters before = RunParameters.of(Map.of("--from", "long".repeat(20)));
        RunParameters now = RunParameters.of(Map.of("--from", "b"));

        assertThat(before.differenceFrom(now))
                .isEqualTo("--from is another one, b (only a digest of its old value is kept)");
        assertThat(now.differenceFrom(before)).isEqualTo("--from was b and is another one");
    }

    /** Before, all but the seed were digests. */
    @Test
    void the_checkpoint_of_an_earlier_release_is_that_of_the_same_run() {
        RunParameters before = new RunParameters(new TreeMap<>(Map.of("--seed", "7", "--count", "c3b8c1c4a910")));

        assertThat(before.differences(PARAMETERS)).isEmpty();
        assertThat(before.contain(PARAMETERS)).isTrue();
        assertThat(before.differenceFrom(RunParameters.of(Map.of("--seed", "7", "--count", "101"))))
                .isEqualTo("--count is another one, 101 (only a digest of its old value is kept)");
    }
}
