package dev.kstage.kafka.reader;

import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.diagnosis.FailureDiagnosis;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.record.StoredRow;
import dev.kstage.record.StoredRows;
import dev.kstage.report.Failure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The committed records of a topic as they are now, one partition after the other. It belongs to no group and
 * commits no offsets.
 */
public final class TopicRecords implements StoredRows {
    private static final Duration POLL = Duration.ofMillis(200);

    // More than kstage's own may last, and the time in which a broker looks for those that last too long.
    private static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(60);

    private final ClientSettings settings;
    private final Topic topic;
    private final Reached reached;

    /** @param reached what is known of how far the topic's own source was read */
    public TopicRecords(ClientSettings settings, Topic topic, Reached reached) {
        this.settings = settings;
        this.topic = topic;
        this.reached = reached;
    }

    @Override
    public Reached reached() {
        return reached;
    }

    @Override
    public void forEach(Consumer<StoredRow> use, Consumer<String> faults) {
        forEachRecordFrom(Positions.NONE, record -> {
            String in = "partition " + record.partition() + ", offset";
            use.accept(new StoredRow(
                    record.partition(), in, record.offset(), record.value(), new StoredRow.Key(record.key()), null));
        });
    }

    /**
     * Hands over every record from these positions on, to where the topic ends now.
     *
     * @param from partitions without a position are read from their start
     */
    public void forEachRecordFrom(Positions from, Consumer<Record> use) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings.consumer())) {
            List<TopicPartition> all = topic.all();
            Map<TopicPartition, Long> starts =
                    new HashMap<>(consumer.beginningOffsets(all, FailureDiagnosis.answerWithin(settings)));
            Map<TopicPartition, Long> ends = endsOnceDecided(consumer, all);
            for (TopicPartition partition : all) {
                Position position = from.of(partition.partition());
                long start = Math.max(starts.getOrDefault(partition, 0L), position == null ? 0 : position.next());
                read(consumer, partition, start, ends.getOrDefault(partition, 0L), use);
            }
        } catch (KafkaException e) {
            throw FailureDiagnosis.of("cannot read topic " + topic.name(), e, settings);
        }
    }

    /** One of the committed records, if there are any. */
    Optional<Record> any() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings.consumer())) {
            List<TopicPartition> all = topic.all();
            Map<TopicPartition, Long> ends = consumer.endOffsets(all, FailureDiagnosis.answerWithin(settings));
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long start = System.nanoTime();
            while (all.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    return Optional.of(ConsumerRecordMapper.record(record));
                }
                if (System.nanoTime() - start > settings.timeout().toNanos()) {
                    throw unread(
                            "nothing came from it for " + settings.timeout().toSeconds() + " s");
                }
            }
            return Optional.empty();
        } catch (KafkaException e) {
            throw FailureDiagnosis.of("cannot read topic " + topic.name(), e, settings);
        }
    }

    /**
     * Where the partitions end, after the transactions that are open there now. One that a killed worker left
     * hides what others have committed behind it, until the cluster gives it up.
     */
    private Map<TopicPartition, Long> endsOnceDecided(
            KafkaConsumer<byte[], byte[]> committed, List<TopicPartition> all) {
        Map<TopicPartition, Long> written = new HashMap<>();
        Map<String, Object> everything = new HashMap<>(settings.consumer());
        everything.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(everything)) {
            written.putAll(consumer.endOffsets(all));
        }
        long start = System.nanoTime();
        while (true) {
            Map<TopicPartition, Long> ends = new HashMap<>(committed.endOffsets(all));
            if (ends.entrySet().stream().allMatch(end -> end.getValue() >= written.getOrDefault(end.getKey(), 0L))) {
                return ends;
            }
            if (System.nanoTime() - start > LONGEST_TRANSACTION.toNanos()) {
                throw new Failure(
                        Failure.Kind.TEMPORARY,
                        "cannot read topic " + topic.name() + " to its end",
                        "a transaction has been open there for " + LONGEST_TRANSACTION.toSeconds() + " s",
                        "run the same command again after the writer of that transaction has ended");
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private void read(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            long start,
            long end,
            Consumer<Record> use) {
        if (start >= end) {
            return;
        }
        consumer.assign(List.of(partition));
        consumer.seek(partition, start);
        long lastAnswer = System.nanoTime();
        while (true) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : polled) {
                if (record.offset() < end) {
                    use.accept(ConsumerRecordMapper.record(record));
                }
            }
            long next = consumer.position(partition);
            if (next >= end) {
                return;
            }
            if (!polled.isEmpty()) {
                lastAnswer = System.nanoTime();
            } else if (System.nanoTime() - lastAnswer > settings.timeout().toNanos()) {
                throw unread("nothing came from partition " + partition.partition() + " for "
                        + settings.timeout().toSeconds() + " s, at offset " + next + " of " + end);
            }
        }
    }

    private Failure unread(String why) {
        return new Failure(
                Failure.Kind.TEMPORARY,
                "cannot read topic " + topic.name() + " to its end",
                why,
                "check that the cluster is healthy, and run the same command again");
    }
}
