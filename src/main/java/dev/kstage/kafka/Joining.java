package dev.kstage.kafka;

import dev.kstage.report.Failure;
import dev.kstage.report.Meter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A worker that is to be a member of its group. While the group has no coordinator the client joins and joins without a
 * word, and reads nothing: at its start a worker says so once its time is up, later it waits as long as for an outage.
 */
final class Joining {
    // Longer than that, a supervisor should know.
    private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(60);

    private final GroupMark group;
    private final Duration limit;
    private final Supplier<Optional<Coordinator.Fault>> coordinator;
    private final Meter meter;
    private final LongSupplier clock;
    private long lastMember;
    private boolean isMember;
    private boolean hasBeenMember;

    /**
     * @param limit how long it may take to become one for the first time where there is no coordinator
     * @param coordinator asked what is wrong with it
     * @param clock in nanoseconds from any start
     */
    Joining(
            GroupMark group,
            Duration limit,
            Supplier<Optional<Coordinator.Fault>> coordinator,
            Meter meter,
            LongSupplier clock) {
        this.group = group;
        this.limit = limit;
        this.coordinator = coordinator;
        this.meter = meter;
        this.clock = clock;
        this.lastMember = clock.getAsLong();
    }

    /** To be told after each poll. */
    void isMember(boolean now) {
        isMember = now;
        if (now) {
            hasBeenMember = true;
            lastMember = clock.getAsLong();
        }
    }

    /**
     * To be called now and then while a cluster that answers gives no records.
     *
     * @throws Failure if there has been no coordinator for too long
     */
    void look() {
        if (isMember) {
            return;
        }
        meter.waitingFor(group.waiting());
        Duration waited = Duration.ofNanos(clock.getAsLong() - lastMember);
        if (waited.compareTo(limit) >= 0) {
            coordinator.get().ifPresent(fault -> tell(fault, waited));
        }
    }

    private void tell(Coordinator.Fault fault, Duration waited) {
        if (!hasBeenMember || waited.compareTo(LONGEST_OUTAGE) >= 0) {
            throw fault.failure("cannot join group " + group.group(), null);
        }
        meter.waitingFor(fault.why());
    }
}
