package dev.kstage.kafka.consumer;

import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.diagnosis.Coordinator;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches how a worker joins its group. While the group has no coordinator, the client tries to join silently, and
 * reads nothing. Then a worker that is starting fails soon; a later one waits as long as for an outage.
 */
final class JoinMonitor {
    private final ConsumerGroup group;
    private final Duration limit;
    private final Supplier<Optional<Coordinator.Fault>> coordinator;
    private final StageProgress meter;
    private final LongSupplier clock;
    private boolean isMember;
    private boolean hasBeenMember;
    private @Nullable Long faultSince;

    /**
     * @param limit how long there may be no coordinator before it has joined for the first time
     * @param coordinator asked what is wrong with it
     * @param clock in nanoseconds from any start
     */
    JoinMonitor(
            ConsumerGroup group,
            Duration limit,
            Supplier<Optional<Coordinator.Fault>> coordinator,
            StageProgress meter,
            LongSupplier clock) {
        this.group = group;
        this.limit = limit;
        this.coordinator = coordinator;
        this.meter = meter;
        this.clock = clock;
    }

    /** To be told after each poll. */
    void isMember(boolean now) {
        isMember = now;
        if (now) {
            hasBeenMember = true;
            faultSince = null;
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
        Optional<Coordinator.Fault> found = coordinator.get();
        if (found.isEmpty()) {
            faultSince = null;
            meter.waitingFor(group.waiting());
            return;
        }
        long now = clock.getAsLong();
        if (faultSince == null) {
            faultSince = now;
        }
        Duration patience = hasBeenMember ? ClientSettings.LONGEST_OUTAGE : limit;
        if (now - faultSince >= patience.toNanos()) {
            throw found.get().failure("cannot join group " + group.group(), null);
        }
        meter.waitingFor(found.get().why());
    }
}
