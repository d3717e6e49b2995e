package dev.kstage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTextTest {
    private final StageProgress meter = new StageProgress();

    private String line(long perSecond, long seconds) {
        return ProgressText.line(
                "consume", meter, perSecond, Duration.ofSeconds(seconds).plusMillis(999));
    }

    @Test
    void shows_records_and_rate() {
        meter.records(1234);

        assertThat(line(100, 12)).isEqualTo("consume: 1,234 records, 100/s, 12 s so far");
    }

    @Test
    void shows_no_rate_below_none() {
        meter.records(10);

        assertThat(line(-7871, 12)).isEqualTo("consume: 10 records, 0/s, 12 s so far");
    }

    @Test
    void shows_the_percentage_and_the_time_left_of_a_goal() {
        meter.records(250);
        meter.goal(1000);

        assertThat(line(100, 3)).isEqualTo("consume: 250 records, 100/s, 25 %, 8 s left, 3 s so far");
    }

    @Test
    void shows_no_more_than_all_of_a_goal() {
        meter.records(1001);
        meter.goal(1000);

        assertThat(line(100, 3)).isEqualTo("consume: 1,001 records, 100/s, 100 %, 3 s so far");
    }

    @Test
    void shows_the_lag_and_the_time_left() {
        meter.records(1);
        meter.lag(500);

        assertThat(line(10, 90)).isEqualTo("consume: 1 record, 10/s, lag 500, 51 s left, 1 min 30 s so far");
    }

    @Test
    void guesses_no_time_left_at_a_standstill() {
        meter.records(1);
        meter.lag(500);

        assertThat(line(0, 1)).isEqualTo("consume: 1 record, 0/s, lag 500, 1 s so far");
    }

    @Test
    void says_what_it_waits_for() {
        meter.waitingFor("the broker to answer");

        assertThat(line(0, 5)).isEqualTo("consume: waiting for the broker to answer, 5 s so far");
    }

    @Test
    void says_what_it_waits_for_beside_what_it_has_read() {
        meter.records(5);
        meter.lag(9);
        meter.waitingFor("a partition");

        assertThat(line(0, 5)).isEqualTo("consume: waiting for a partition: 5 records, 0/s, 5 s so far");
    }
}
