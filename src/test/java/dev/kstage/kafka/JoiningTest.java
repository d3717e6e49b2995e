package dev.kstage.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kstage.report.Failure;
import dev.kstage.report.Meter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class JoiningTest {
    private static final Coordinator.Fault FAULT =
            new Coordinator.Fault("partition 1 has no leader", "see to broker 2");
    private static final Duration LIMIT = Duration.ofSeconds(8);
    private static final Duration SELDOM = Duration.ofSeconds(10);

    private final AtomicLong clock = new AtomicLong();
    private final Meter meter = new Meter();
    private Optional<Coordinator.Fault> fault = Optional.of(FAULT);
    private final Joining joining = new Joining(
            new GroupMark(
                    "etl",
                    "sink",
                    GroupMark.Role.COURTESY,
                    new GroupMark.Sharing(GroupMark.Sharing.CLASSIC, null, SELDOM)),
            LIMIT,
            () -> fault,
            meter,
            clock::get);

    private void lookAfter(Duration time) {
        clock.addAndGet(time.toNanos());
        joining.look();
    }

    @Test
    void at_the_start_the_time_limit_of_an_answer_is_that_of_a_coordinator() {
        lookAfter(LIMIT.minusMillis(1));
        assertThat(meter.waitingFor()).isEqualTo("group etl to share out the partitions");

        Failure failure = catchThrowableOfType(Failure.class, () -> lookAfter(Duration.ofMillis(1)));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.TEMPORARY);
        assertThat(failure.what()).isEqualTo("cannot join group etl");
        assertThat(failure.why()).isEqualTo(FAULT.why());
        assertThat(failure.remedy()).isEqualTo(FAULT.remedy());
    }

    @Test
    void where_there_is_a_coordinator_its_share_is_waited_for_without_limit() {
        fault = Optional.empty();

        lookAfter(Duration.ofHours(1));

        assertThat(meter.waitingFor()).isEqualTo("group etl to share out the partitions");
    }

    @Test
    void a_member_that_loses_its_coordinator_waits_as_for_an_outage() {
        joining.isMember(true);
        lookAfter(Duration.ofHours(1));
        assertThat(meter.waitingFor()).isEmpty();
        joining.isMember(true);
        joining.isMember(false);

        lookAfter(LIMIT);
        assertThat(meter.waitingFor()).isEqualTo(FAULT.why());

        assertThat(catchThrowableOfType(Failure.class, () -> lookAfter(Duration.ofSeconds(52))))
                .hasMessage("cannot join group etl");
    }
}
