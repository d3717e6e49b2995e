package dev.kstage.kafka.admin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds the open transactions that end partitions, for readers of committed records, before their high watermark. It
 * does not wait. What this user may not know is omitted.
 */
public final class OpenTransactions {
    private final Admin admin;

    public OpenTransactions(Admin admin) {
        this.admin = admin;
    }

    /**
     * What was found.
     *
     * @param highWatermarks of the partitions asked for
     * @param open the transaction that holds readers back, of each partition that has one
     */
    public record Found(Map<TopicPartition, Long> highWatermarks, List<OpenTransaction> open) {}

    /**
     * @param positions the next offset to read, of each partition to ask for; a partition that is not read to its
     *     last stable offset has none that holds the reader back
     */
    public CompletableFuture<Found> ask(Map<TopicPartition, Long> positions) {
        // One after the other: what has ended before the second answer is behind the last stable offset by then.
        return ends(positions.keySet(), IsolationLevel.READ_UNCOMMITTED)
                .thenCompose(high -> stableOffsets(positions, high)
                        .thenCompose(stable -> held(positions, high, stable))
                        .thenApply(open -> new Found(high, open)));
    }

    private CompletableFuture<Map<TopicPartition, Long>> stableOffsets(
            Map<TopicPartition, Long> positions, Map<TopicPartition, Long> high) {
        Set<TopicPartition> unread = high.keySet().stream()
                .filter(each -> high.getOrDefault(each, 0L) > positions.getOrDefault(each, 0L))
                .collect(Collectors.toSet());
        return unread.isEmpty()
                ? CompletableFuture.completedFuture(Map.of())
                : ends(unread, IsolationLevel.READ_COMMITTED);
    }

    private CompletableFuture<Map<TopicPartition, Long>> ends(Set<TopicPartition> partitions, IsolationLevel level) {
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(Function.identity(), each -> OffsetSpec.latest()));
        return future(admin.listOffsets(latest, new ListOffsetsOptions(level)).all())
                .thenApply(found -> {
                    Map<TopicPartition, Long> ends = new HashMap<>();
                    found.forEach((partition, end) -> ends.put(partition, offset(end)));
                    return ends;
                });
    }

    private static long offset(ListOffsetsResultInfo end) {
        return end.offset();
    }

    private CompletableFuture<List<OpenTransaction>> held(
            Map<TopicPartition, Long> positions, Map<TopicPartition, Long> high, Map<TopicPartition, Long> stable) {
        List<TopicPartition> held = stable.entrySet().stream()
                .filter(each -> each.getValue() < high.getOrDefault(each.getKey(), 0L)
                        && positions.getOrDefault(each.getKey(), 0L) >= each.getValue())
                .map(Map.Entry::getKey)
                .toList();
        if (held.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        var described = admin.describeProducers(held);
        CompletableFuture<List<OpenTransaction>> all = CompletableFuture.completedFuture(List.of());
        for (TopicPartition partition : held) {
            long stableOffset = stable.getOrDefault(partition, 0L);
            OpenTransaction unknown = new OpenTransaction(
                    partition.partition(),
                    stableOffset,
                    high.getOrDefault(partition, 0L) - stableOffset,
                    OpenTransaction.UNKNOWN,
                    OpenTransaction.UNKNOWN,
                    null,
                    OpenTransaction.UNKNOWN);
            CompletableFuture<Optional<OpenTransaction>> one = future(described.partitionResult(partition))
                    .thenApply(state -> first(unknown, state))
                    .exceptionally(e -> Optional.of(unknown));
            all = all.thenCombine(one, OpenTransactions::with);
        }
        return all.thenCompose(this::named);
    }

    private static List<OpenTransaction> with(List<OpenTransaction> some, Optional<OpenTransaction> more) {
        List<OpenTransaction> all = new ArrayList<>(some);
        more.ifPresent(all::add);
        return all;
    }

    /** The one that was opened first; none if it has ended since. */
    private static Optional<OpenTransaction> first(OpenTransaction unknown, PartitionProducerState state) {
        return state.activeProducers().stream()
                .filter(each -> each.currentTransactionStartOffset().isPresent())
                .min(Comparator.comparingLong(
                        each -> each.currentTransactionStartOffset().getAsLong()))
                .map(each -> of(unknown, each));
    }

    private static OpenTransaction of(OpenTransaction unknown, ProducerState producer) {
        return new OpenTransaction(
                unknown.partition(),
                unknown.stableOffset(),
                unknown.waiting(),
                producer.producerId(),
                producer.lastTimestamp(),
                null,
                OpenTransaction.UNKNOWN);
    }

    private CompletableFuture<List<OpenTransaction>> named(List<OpenTransaction> open) {
        Set<Long> producers = open.stream()
                .map(OpenTransaction::producerId)
                .filter(each -> each != OpenTransaction.UNKNOWN)
                .collect(Collectors.toSet());
        if (producers.isEmpty()) {
            return CompletableFuture.completedFuture(open);
        }
        return future(admin.listTransactions(new ListTransactionsOptions().filterProducerIds(producers))
                        .all())
                .thenCompose(listed -> described(open, listed))
                .exceptionally(e -> open);
    }

    private CompletableFuture<List<OpenTransaction>> described(
            List<OpenTransaction> open, Collection<TransactionListing> listed) {
        CompletableFuture<List<OpenTransaction>> all = CompletableFuture.completedFuture(open);
        if (listed.isEmpty()) {
            return all;
        }
        List<String> ids =
                listed.stream().map(TransactionListing::transactionalId).toList();
        var descriptions = admin.describeTransactions(ids);
        for (TransactionListing each : listed) {
            String id = each.transactionalId();
            CompletableFuture<Long> since = future(descriptions.description(id))
                    .thenApply(OpenTransactions::since)
                    .exceptionally(e -> OpenTransaction.UNKNOWN);
            all = all.thenCombine(since, (some, openedAt) -> some.stream()
                    .map(one -> one.producerId() == each.producerId() ? one.of(id, openedAt) : one)
                    .toList());
        }
        return all;
    }

    private static long since(TransactionDescription description) {
        return description.transactionStartTimeMs().orElse(OpenTransaction.UNKNOWN);
    }

    private static <T> CompletableFuture<T> future(KafkaFuture<T> asked) {
        return asked.toCompletionStage().toCompletableFuture();
    }
}
