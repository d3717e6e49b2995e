package dev.kstage.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.record.Origin;
import dev.kstage.source.template.GeneratorSource;
import dev.kstage.source.template.UserEvents;
import dev.kstage.stage.Batch;
import dev.kstage.stage.Standing;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitedSourceTest {
    private static final Duration WAIT = Duration.ofMillis(100);

    private static RateLimitedSource paced(long count, double perSecond) {
        return new RateLimitedSource(new GeneratorSource(new UserEvents(7), 7, count), perSecond);
    }

    @Test
    void takes_the_time_that_the_rate_asks_for() {
        RateLimitedSource source = paced(101, 500);
        long start = System.nanoTime();
        source.start(Standing.atCreation());

        int given = 0;
        while (!source.isAtEnd()) {
            given += source.poll(1_000, WAIT).records().size();
        }

        // The 101st record is due after 100 of 500 a second. Only the lower limit is exact: a busy machine is late.
        assertThat(given).isEqualTo(101);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
    }

    @Test
    void gives_the_first_record_at_once() {
        RateLimitedSource source = paced(10, 0.001);
        source.start(Standing.atCreation());

        assertThat(source.poll(1_000, WAIT).records()).hasSize(1);
    }

    @Test
    void gives_an_empty_batch_while_no_record_is_due() {
        RateLimitedSource source = paced(10, 0.001);
        source.start(Standing.atCreation());
        Batch first = source.poll(1_000, WAIT);

        Batch second = source.poll(1_000, Duration.ofMillis(1));

        assertThat(second.records()).isEmpty();
        assertThat(second.to()).isEqualTo(first.to());
    }

    @Test
    void waits_no_longer_than_it_may() {
        RateLimitedSource source = paced(10, 0.001);
        source.start(Standing.atCreation());
        source.poll(1_000, WAIT);
        long start = System.nanoTime();

        source.poll(1_000, Duration.ofMillis(1));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void gives_no_more_than_was_asked_for() {
        RateLimitedSource source = paced(10, 1e9);
        source.start(Standing.atCreation());

        assertThat(source.poll(2, WAIT).records()).hasSize(2);
    }

    @Test
    void is_otherwise_the_source_behind_it() {
        RateLimitedSource source = paced(10, 1e9);

        source.start(Standing.atCreation());

        assertThat(source.origin()).isEqualTo(new Origin("user_events", "seed 7"));
        assertThat(source.lag()).isEqualTo(10);
    }
}
