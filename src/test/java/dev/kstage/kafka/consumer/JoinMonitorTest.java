package dev.kstage.kafka.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.GroupMembership;
import dev.kstage.kafka.diagnosis.Coordinator;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class JoinMonitorTest {
    private static final Coordinator.Fault FAULT =
            new Coordinator.Fault("partition 1 has no leader", "see to broker 2");
    private static final Duration LIMIT = Duration.ofSeconds(8);
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(10);

    private final AtomicLong clock = new AtomicLong();
    private final StageProgress meter = new StageProgress();
    private Optional<Coordinator.Fault> fault = Optional.of(FAULT);
    private final JoinMonitor joinMonitor = new JoinMonitor(
            new ConsumerGroup(
                    "etl",
                    "sink",
                    ConsumerGroup.Role.REPORT_ONLY,
                    new GroupMembership(GroupMembership.CLASSIC, null, COMMIT_INTERVAL)),
            LIMIT,
            () -> fault,
            meter,
            clock::get);

    private void lookAfter(Duration time) {
        clock.addAndGet(time.toNanos());
        joinMonitor.look();
    }

    @Test
    void at_the_start_a_fault_that_lasts_ends_the_run() {
        lookAfter(Duration.ofMinutes(2));
        assertThat(meter.waitingFor()).isEqualTo(FAULT.why());
        lookAfter(LIMIT.minusMillis(1));

        Failure failure = catchThrowableOfType(Failure.class, () -> lookAfter(Duration.ofMillis(1)));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.TEMPORARY);
        assertThat(failure.what()).isEqualTo("cannot join group etl");
        assertThat(failure.why()).isEqualTo(FAULT.why());
        assertThat(failure.remedy()).isEqualTo(FAULT.remedy());
    }

    @Test
    void a_fault_that_passes_is_forgotten() {
        lookAfter(LIMIT);
        fault = Optional.empty();
        lookAfter(LIMIT);
        fault = Optional.of(FAULT);

        lookAfter(LIMIT);

        assertThat(meter.waitingFor()).isEqualTo(FAULT.why());
    }

    @Test
    void where_there_is_a_coordinator_its_share_is_waited_for_without_limit() {
        fault = Optional.empty();

        lookAfter(Duration.ofHours(1));

        assertThat(meter.waitingFor()).isEqualTo("group etl to assign partitions");
    }

    @Test
    void one_that_joins_again_waits_as_for_an_outage() {
        joinMonitor.isMember(true);
        lookAfter(Duration.ofHours(1));
        assertThat(meter.waitingFor()).isEmpty();
        joinMonitor.isMember(false);

        lookAfter(LIMIT);
        lookAfter(ClientSettings.LONGEST_OUTAGE.minusMillis(1));

        assertThat(catchThrowableOfType(Failure.class, () -> lookAfter(Duration.ofMillis(1))))
                .hasMessage("cannot join group etl");
    }
}
