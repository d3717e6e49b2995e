package dev.kstage.kafka.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kstage.kafka.client.GroupMembership;
import dev.kstage.kafka.diagnosis.Coordinator;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

final class GroupPeersTest {
    private static final TopicPartition OWN = new TopicPartition("orders", 0);
    private static final TopicPartition OTHER = new TopicPartition("orders", 1);
    private static final Map<TopicPartition, Long> ENDS = Map.of(OWN, 10L, OTHER, 10L);

    private static final Duration COMMIT_INTERVAL = Duration.ofHours(1);

    private final AtomicLong clock = new AtomicLong();
    private boolean isSilent;
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none") {
        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
                Set<TopicPartition> partitions, Duration timeout) {
            if (isSilent) {
                throw new TimeoutException("no coordinator");
            }
            return super.committed(partitions, timeout);
        }
    };
    private final StageProgress meter = new StageProgress();
    private final GroupPeers peers = new GroupPeers(
            consumer,
            new ConsumerGroup(
                    "etl",
                    "sink",
                    ConsumerGroup.Role.REPORT_ONLY,
                    new GroupMembership(GroupMembership.CLASSIC, null, COMMIT_INTERVAL)),
            null,
            () -> Optional.of(new Coordinator.Fault("it has no coordinator", "see to broker 2")),
            meter,
            clock::get);

    GroupPeersTest() {
        consumer.assign(Set.of(OTHER));
    }

    private void othersHaveCommitted(long offset) {
        consumer.commitSync(Map.of(OTHER, new OffsetAndMetadata(offset)));
    }

    private boolean areAtEndAfter(Duration time) {
        return areAtEndAfter(time, Duration.ofSeconds(1));
    }

    private boolean areAtEndAfter(Duration time, Duration between) {
        boolean atEnd = false;
        for (long end = clock.get() + time.toNanos(); clock.get() < end; ) {
            clock.addAndGet(between.toNanos());
            atEnd = peers.areAtEnd(Set.of(OWN), ENDS);
        }
        return atEnd;
    }

    @Test
    void others_are_waited_for_until_they_have_committed_all() {
        othersHaveCommitted(4);
        assertThat(areAtEndAfter(Duration.ofMinutes(4))).isFalse();
        assertThat(meter.waitingFor()).isEqualTo("other workers of group etl");

        othersHaveCommitted(9);
        assertThat(areAtEndAfter(Duration.ofMinutes(4))).isFalse();

        othersHaveCommitted(10);
        assertThat(areAtEndAfter(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void others_that_stand_still_end_the_run_as_unfinished() {
        othersHaveCommitted(4);

        Failure failure = catchThrowableOfType(Failure.class, () -> areAtEndAfter(Duration.ofMinutes(66)));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.TEMPORARY);
        assertThat(failure.what()).isEqualTo("other workers of group etl have not stored their partitions");
        assertThat(failure.why()).isEqualTo("their committed offsets have not changed for 1 h 5 min");
        assertThat(clock.get()).isGreaterThan(Duration.ofMinutes(65).toNanos());
    }

    @Test
    void without_a_coordinator_the_others_are_not_blamed() {
        othersHaveCommitted(4);
        isSilent = true;
        assertThat(areAtEndAfter(Duration.ofMinutes(1))).isFalse();
        assertThat(meter.waitingFor()).isEqualTo("it has no coordinator");

        Failure failure = catchThrowableOfType(Failure.class, () -> areAtEndAfter(Duration.ofMinutes(66)));

        assertThat(failure.what())
                .isEqualTo("cannot see whether other workers of group etl have stored their partitions");
        assertThat(failure.why()).isEqualTo("it has no coordinator");
    }

    @Test
    void a_coordinator_that_is_back_is_not_talked_of_any_more() {
        othersHaveCommitted(4);
        isSilent = true;
        assertThat(areAtEndAfter(Duration.ofMinutes(1))).isFalse();
        isSilent = false;

        assertThat(areAtEndAfter(Duration.ofMinutes(1))).isFalse();

        assertThat(meter.waitingFor()).isEqualTo("other workers of group etl");
    }

    @Test
    void it_does_not_matter_how_seldom_it_is_asked() {
        othersHaveCommitted(4);
        assertThat(areAtEndAfter(Duration.ofMinutes(64), Duration.ofMinutes(1))).isFalse();

        assertThat(catchThrowableOfType(
                        Failure.class, () -> areAtEndAfter(Duration.ofMinutes(3), Duration.ofMinutes(1))))
                .hasMessageContaining("have not stored their partitions");
    }

    @Test
    void work_of_its_own_begins_the_watch_anew() {
        othersHaveCommitted(4);
        for (int times = 0; times < 3; times++) {
            assertThat(areAtEndAfter(Duration.ofMinutes(64))).isFalse();
            peers.startAnew();
            clock.addAndGet(Duration.ofHours(2).toNanos());
        }
    }

    @Test
    void a_run_without_others_is_at_its_end() {
        assertThat(peers.areAtEnd(Set.of(OWN, OTHER), ENDS)).isTrue();
    }
}
