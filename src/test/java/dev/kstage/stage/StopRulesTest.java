package dev.kstage.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StopRulesTest {
    private static final StopRules ALL =
            new StopRules(OptionalLong.of(10), true, Duration.ofSeconds(5), Duration.ofSeconds(60));
    private static final Duration SOON = Duration.ofSeconds(1);

    @Test
    void continues_while_no_rule_holds() {
        assertThat(ALL.reason(9, false, Duration.ofMillis(4_999), Duration.ofMillis(59_999)))
                .isNull();
    }

    @Test
    void never_stops_without_a_rule() {
        StopRules none = new StopRules(OptionalLong.empty(), false, null, null);

        assertThat(none.reason(Long.MAX_VALUE, true, Duration.ofDays(99), Duration.ofDays(99)))
                .isNull();
    }

    @Test
    void stops_at_the_count() {
        assertThat(ALL.reason(10, false, SOON, SOON)).isEqualTo(StopReason.COUNT);
    }

    @Test
    void stops_at_the_end_of_the_source() {
        assertThat(ALL.reason(9, true, SOON, SOON)).isEqualTo(StopReason.END);
    }

    @Test
    void stops_when_nothing_came_for_the_idle_time() {
        assertThat(ALL.reason(9, false, Duration.ofSeconds(5), Duration.ofSeconds(6)))
                .isEqualTo(StopReason.IDLE);
    }

    @Test
    void stops_after_the_whole_time_though_records_still_come() {
        assertThat(ALL.reason(9, false, Duration.ZERO, Duration.ofSeconds(60))).isEqualTo(StopReason.MAX_TIME);
    }

    @Test
    void names_the_count_first_when_several_rules_hold() {
        assertThat(ALL.reason(10, true, Duration.ofDays(1), Duration.ofDays(1))).isEqualTo(StopReason.COUNT);
    }

    @Test
    void names_the_end_before_the_clock() {
        assertThat(ALL.reason(0, true, Duration.ofDays(1), Duration.ofDays(1))).isEqualTo(StopReason.END);
    }

    @Test
    void continues_at_the_end_until_nothing_came_for_a_while() {
        StopRules quiet = StopRules.AT_END.untilIdle(Duration.ofSeconds(5));

        assertThat(quiet.reason(1, true, Duration.ofSeconds(4), Duration.ofSeconds(9)))
                .isNull();
        assertThat(quiet.reason(1, true, Duration.ofSeconds(5), Duration.ofSeconds(9)))
                .isEqualTo(StopReason.IDLE);
    }

    @Test
    void allows_what_is_missing_to_the_count() {
        assertThat(ALL.allowance(7, 10_000)).isEqualTo(3);
    }

    @Test
    void allows_a_whole_poll_far_from_the_count() {
        StopRules far = new StopRules(OptionalLong.of(Long.MAX_VALUE), false, null, null);

        assertThat(far.allowance(7, 10_000)).isEqualTo(10_000);
    }
}
