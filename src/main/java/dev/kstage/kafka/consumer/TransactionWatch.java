package dev.kstage.kafka.consumer;

import dev.kstage.kafka.admin.OpenTransaction;
import dev.kstage.kafka.admin.OpenTransactions;
import dev.kstage.kafka.client.KafkaFailures;
import dev.kstage.record.Position;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Warns of records that wait behind an open transaction, and learns the high watermarks of partitions. It asks now
 * and then while a run polls, only for partitions that have not moved since, and takes the answer at a later poll.
 */
final class TransactionWatch {
    private static final Duration ASK_EVERY = Duration.ofSeconds(2);
    // Transactional producers open one transaction after another; not each of them needs a warning.
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private final String topic;
    private final Function<Map<TopicPartition, Long>, CompletableFuture<OpenTransactions.Found>> cluster;
    private final EndOffsets ends;
    private final Consumer<String> warnings;
    private final LongSupplier clock;
    private final Set<OpenTransaction.Key> told = new HashSet<>();
    private Set<OpenTransaction.Key> seen = Set.of();
    private Map<TopicPartition, Position> before = Map.of();
    private @Nullable CompletableFuture<OpenTransactions.Found> question;
    private boolean hasBegun;
    private boolean hasWarned;
    private long lastQuestion;
    private long lastWarning;

    /**
     * @param cluster asked with the next offset of each partition
     * @param ends told the high watermarks
     * @param clock in nanoseconds from any start
     */
    TransactionWatch(
            String topic,
            Function<Map<TopicPartition, Long>, CompletableFuture<OpenTransactions.Found>> cluster,
            EndOffsets ends,
            Consumer<String> warnings,
            LongSupplier clock) {
        this.topic = topic;
        this.cluster = cluster;
        this.ends = ends;
        this.warnings = warnings;
        this.clock = clock;
    }

    /** To be called after each poll; asks, or takes an answer, if it is time. */
    void look(Map<TopicPartition, Position> positions) {
        long now = clock.getAsLong();
        if (hasBegun && now - lastQuestion < ASK_EVERY.toNanos()) {
            return;
        }
        if (question != null) {
            if (!question.isDone()) {
                return;
            }
            take(question, Duration.ZERO, false);
            question = null;
        }
        Map<TopicPartition, Long> unmoved = new HashMap<>();
        positions.forEach((partition, position) -> {
            if (position.equals(before.get(partition))) {
                unmoved.put(partition, position.next());
            }
        });
        hasBegun = true;
        lastQuestion = now;
        before = Map.copyOf(positions);
        question = unmoved.isEmpty() ? null : ask(unmoved);
    }

    /** To be called at the end of a run; waits for the answer, but no longer than this. */
    void lookAtEnd(Map<TopicPartition, Position> positions, Duration patience) {
        Map<TopicPartition, Long> all = new HashMap<>();
        positions.forEach((partition, position) -> all.put(partition, position.next()));
        CompletableFuture<OpenTransactions.Found> last = all.isEmpty() ? null : ask(all);
        if (last != null) {
            take(last, patience, true);
        }
    }

    private @Nullable CompletableFuture<OpenTransactions.Found> ask(Map<TopicPartition, Long> positions) {
        try {
            return cluster.apply(positions);
        } catch (KafkaException e) {
            return null;
        }
    }

    private void take(CompletableFuture<OpenTransactions.Found> answer, Duration patience, boolean isEnd) {
        OpenTransactions.Found found;
        try {
            found = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Unknown this time. The outage detector watches whether the cluster answers.
            return;
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted(e);
        }
        ends.reach(found.highWatermarks());
        warn(found.open(), isEnd);
    }

    /** Warns of transactions that were open twice in a row, or that are open at the end of the run. */
    private void warn(List<OpenTransaction> open, boolean isEnd) {
        long now = clock.getAsLong();
        Set<OpenTransaction.Key> keys = new HashSet<>();
        boolean isTime = isEnd || !hasWarned || now - lastWarning >= BETWEEN_WARNINGS.toNanos();
        for (OpenTransaction each : open) {
            keys.add(each.key());
            if (isTime && (isEnd || seen.contains(each.key())) && told.add(each.key())) {
                warnings.accept(each.warning(topic));
                hasWarned = true;
                lastWarning = now;
            }
        }
        seen = keys;
        // An ended transaction never opens again.
        told.retainAll(keys);
    }
}
