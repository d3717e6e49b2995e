package dev.kstage.kafka.transaction;

import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.BrokerVersion;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.diagnosis.Coordinator;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** The committed offsets of a group, read without being a member of it. */
public final class GroupOffsets implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    // Of a broker older than Kafka 2.5 the client would else take offsets that may still be undecided, without a
    // word. Kafka Streams sets it too.
    private static final String REFUSE_UNDECIDED = "internal.throw.on.fetch.stable.offset.unsupported";
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final ClientSettings settings;
    private final String group;
    private final StageProgress meter;
    private final BooleanSupplier interrupted;
    private final LongSupplier clock;
    private final KafkaConsumer<byte[], byte[]> consumer;

    public GroupOffsets(ClientSettings settings, String group, StageProgress meter, BooleanSupplier interrupted) {
        this(settings, group, meter, interrupted, System::nanoTime);
    }

    /** @param clock in nanoseconds */
    GroupOffsets(
            ClientSettings settings,
            String group,
            StageProgress meter,
            BooleanSupplier interrupted,
            LongSupplier clock) {
        this.settings = settings;
        this.group = group;
        this.meter = meter;
        this.interrupted = interrupted;
        this.clock = clock;
        try {
            // It never joins the group, so what it would be there for does not matter.
            Map<String, Object> configuration = new HashMap<>(settings.consumer(group, null));
            configuration.put(REFUSE_UNDECIDED, true);
            this.consumer = new KafkaConsumer<>(configuration);
        } catch (KafkaException e) {
            throw ClientSettings.refused(e);
        }
    }

    public String group() {
        return group;
    }

    /** What goes with a commit of one that is no member. */
    public ConsumerGroupMetadata metadata() {
        return consumer.groupMetadata();
    }

    /**
     * The offsets of those of the partitions that have one, once no open transaction is about to move
     * them: one that a killed process left ends by its time-out.
     */
    public Map<TopicPartition, OffsetAndMetadata> decided(Collection<TopicPartition> partitions) {
        long end = clock.getAsLong() + PATIENCE.toNanos();
        while (true) {
            try {
                // Only decided ones: the client asks for stable offsets, since it reads committed records only.
                Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>();
                consumer.committed(new HashSet<>(partitions)).forEach((partition, offset) -> {
                    if (offset != null) {
                        known.put(partition, offset);
                    }
                });
                meter.waitingFor("");
                return known;
            } catch (TimeoutException e) {
                if (interrupted.getAsBoolean() || clock.getAsLong() > end) {
                    throw openForLong(e);
                }
                meter.waitingFor(Coordinator.ofGroup(settings, group)
                        .fault()
                        .map(Coordinator.Fault::why)
                        .orElse("the timeout of a transaction that another process left open"));
            } catch (UnsupportedVersionException e) {
                throw BrokerVersion.EXACTLY_ONCE.required(
                        "cannot read the offsets of group " + group,
                        "is the first release that reports only decided offsets (KIP-447)",
                        "");
            } catch (KafkaException e) {
                throw TransactionAuthorization.of("cannot read the offsets of group " + group, "", e, settings);
            }
        }
    }

    /** Where the cluster answers other questions, it is no silence that was waited for. */
    private Failure openForLong(TimeoutException e) {
        String what = "cannot read the offsets of group " + group;
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.offsetsOf(group);
        } catch (Failure silent) {
            return silent;
        }
        return new Failure(
                Failure.Kind.TEMPORARY,
                what,
                "a transaction that changes them has been open for " + PATIENCE.toSeconds() + " s or more",
                "run the same command again; if that does not help, a killed broker may have left it open"
                        + ": run kafka-transactions.sh find-hanging (KIP-664)",
                e);
    }

    /** All its offsets, as they are while an open transaction is about to move them. */
    public Map<TopicPartition, OffsetAndMetadata> undecided() {
        try (Cluster cluster = Cluster.connect(settings)) {
            return cluster.offsetsOf(group);
        }
    }

    /** The topics that the group has committed offsets of. */
    public Set<String> topics() {
        try (Cluster cluster = Cluster.connect(settings)) {
            return cluster.topicsOf(group);
        }
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE));
    }
}
