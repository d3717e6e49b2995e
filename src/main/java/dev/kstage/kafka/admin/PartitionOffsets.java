package dev.kstage.kafka.admin;

import dev.kstage.kafka.client.KafkaFailures;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The first and the last offsets of partitions. The admin client asks for them: a consumer can fail with a
 * NullPointerException if its metadata is renewed meanwhile.
 */
public final class PartitionOffsets {
    // The client itself ends a request at the limit; this is for a request that it forgets.
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Supplier<Admin> admin;
    private final Duration limit;

    /**
     * @param admin stays the caller's
     * @param limit how long to wait for an answer
     */
    public PartitionOffsets(Supplier<Admin> admin, Duration limit) {
        this.admin = admin;
        this.limit = limit;
    }

    /**
     * The first offset of each partition.
     *
     * @throws KafkaException if a leader rejects the request, or does not answer within the limit
     */
    public Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions) {
        return ask(partitions, OffsetSpec.earliest());
    }

    /**
     * The last stable offset of each partition: the end for readers of committed records.
     *
     * @throws KafkaException if a leader rejects the request, or does not answer within the limit
     */
    public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        return ask(partitions, OffsetSpec.latest());
    }

    private Map<TopicPartition, Long> ask(Collection<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked =
                partitions.stream().collect(Collectors.toMap(Function.identity(), each -> spec));
        ListOffsetsOptions options =
                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(Math.toIntExact(limit.toMillis()));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        try {
            admin.get()
                    .listOffsets(asked, options)
                    .all()
                    .get(limit.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)
                    .forEach((partition, found) -> offsets.put(partition, found.offset()));
            return offsets;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("no answer to a request for offsets", e);
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted(e);
        }
    }
}
