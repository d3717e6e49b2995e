package dev.kstage.kafka.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.kafka.admin.OpenTransaction;
import dev.kstage.kafka.admin.OpenTransactions;
import dev.kstage.record.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TransactionWatchTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);

    private final EndOffsets ends = new EndOffsets(new MockConsumer<>("none"));
    private final List<String> warnings = new ArrayList<>();
    private final List<Map<TopicPartition, Long>> asked = new ArrayList<>();
    private final Map<TopicPartition, Position> positions = new HashMap<>(Map.of(FIRST, Position.at(5)));
    private CompletableFuture<OpenTransactions.Found> answer = found();
    private long now = 1;
    private final TransactionWatch watch = new TransactionWatch(
            "orders",
            each -> {
                asked.add(each);
                return answer;
            },
            ends,
            warnings::add,
            () -> now);

    private static CompletableFuture<OpenTransactions.Found> found(OpenTransaction... open) {
        return CompletableFuture.completedFuture(new OpenTransactions.Found(Map.of(FIRST, 8L), List.of(open)));
    }

    private static OpenTransaction open(long producerId, @Nullable String id, long since) {
        return new OpenTransaction(0, 5, 3, producerId, 1_700_000_000_000L, id, since);
    }

    private void pollFor(int seconds) {
        for (int each = 0; each < seconds; each++) {
            watch.look(positions);
            now += Duration.ofSeconds(1).toNanos();
        }
    }

    @Test
    void tells_once_of_a_transaction_that_stays_open_and_counts_what_waits_as_lag() {
        answer = found(open(17, "loader-1", 1_767_225_600_123L));

        pollFor(20);

        assertThat(warnings)
                .containsExactly(
                        "3 records of topic orders partition 0 wait behind an open transaction of transactional"
                                + " id loader-1 (producer id 17), open since 2026-01-01T00:00:00Z; what waits is read once that"
                                + " transaction is committed or aborted");
        assertThat(ends.lag(Map.of(FIRST, Position.at(5)))).isEqualTo(3);
    }

    @Test
    void says_less_where_it_may_know_less() {
        assertThat(open(17, null, -1).warning("orders"))
                .startsWith("3 records of topic orders partition 0 wait behind an open transaction of producer id 17,"
                        + " with its last record of 2023-11-14T22:13:20Z; ");
        assertThat(new OpenTransaction(2, 5, 1, -1, -1, null, -1).warning("orders"))
                .startsWith("1 record of topic orders partition 2 waits behind an open transaction; ");
    }

    @Test
    void tells_nothing_of_transactions_that_follow_one_another() {
        for (int each = 0; each < 10; each++) {
            answer = found(open(each, "loader-1", -1));
            pollFor(2);
        }

        assertThat(asked).hasSizeGreaterThan(5);
        assertThat(warnings).isEmpty();
    }

    @Test
    void tells_of_another_one_after_a_minute_at_the_earliest() {
        answer = found(open(1, "one", -1));
        pollFor(10);
        answer = found(open(2, "two", -1));
        pollFor(40);
        assertThat(warnings).hasSize(1);

        pollFor(20);

        assertThat(warnings).hasSize(2).last().asString().contains("id two");
    }

    @Test
    void asks_for_the_partitions_alone_that_have_not_moved() {
        positions.put(SECOND, Position.at(0));
        for (int each = 0; each < 10; each++) {
            positions.put(SECOND, Position.at(each));
            pollFor(1);
        }

        assertThat(asked).hasSize(4).allMatch(each -> each.equals(Map.of(FIRST, 5L)));
    }

    @Test
    void at_the_end_of_a_run_tells_of_each_that_was_not_told_before() {
        answer = found(open(17, "loader-1", -1));
        watch.lookAtEnd(positions, Duration.ofSeconds(1));
        watch.lookAtEnd(positions, Duration.ofSeconds(1));

        assertThat(warnings).hasSize(1);
    }

    @Test
    void goes_on_without_an_answer() {
        answer = new CompletableFuture<>();
        pollFor(10);
        assertThat(asked).hasSize(1);

        answer = CompletableFuture.failedFuture(new IllegalStateException("not allowed"));
        watch.lookAtEnd(positions, Duration.ofSeconds(1));
        answer = new CompletableFuture<>();
        watch.lookAtEnd(positions, Duration.ofMillis(1));

        assertThat(warnings).isEmpty();
    }
}
