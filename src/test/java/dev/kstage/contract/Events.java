package dev.kstage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.contract.StoreUnderTest.Row;
import dev.kstage.installed.Eventually;
import dev.kstage.installed.KafkaClients;
import dev.kstage.installed.Outcome;
import dev.kstage.installed.RunningProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The records of a test's topic, each of which says where it belongs; and whether a place holds each once. */
final class Events {
    static final int PARTITIONS = 3;
    private static final int A_TIME = 5;
    private static final long NANOS_BETWEEN = 100_000_000;
    private static final int MOST_NAMED = 5;
    private static final int MORE = 2 * A_TIME * PARTITIONS;
    private static final Duration SOON = Duration.ofSeconds(30);

    private final KafkaClients kafka;
    private final String topic;
    private final int size;
    private int next;

    /** @param size of each value, about, in bytes */
    Events(KafkaClients kafka, String topic, int size) {
        this.kafka = kafka;
        this.topic = topic;
        this.size = size;
        kafka.createTopic(topic, PARTITIONS);
    }

    /** Sends so many more to each partition. */
    synchronized void send(int toEach) {
        List<ProducerRecord<byte @Nullable [], byte @Nullable []>> records = new ArrayList<>();
        for (int i = 0; i < toEach; i++, next++) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                String value = "{\"p\":" + partition + ",\"n\":" + next + ",\"pad\":\"" + "x".repeat(size) + "\"}";
                records.add(new ProducerRecord<>(
                        topic, partition, KafkaClients.bytes("k" + next), KafkaClients.bytes(value)));
            }
        }
        kafka.send(records);
    }

    /** Sends a few more to each partition, again and again until it is closed. */
    Flow flow() {
        return new Flow();
    }

    /** Events that keep coming. */
    final class Flow implements AutoCloseable {
        private final AtomicBoolean ended = new AtomicBoolean();
        private final Thread thread = new Thread(this::run, "events");

        private Flow() {
            thread.start();
        }

        private void run() {
            while (!ended.get()) {
                send(A_TIME);
                LockSupport.parkNanos(NANOS_BETWEEN);
            }
        }

        @Override
        public void close() {
            ended.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    /** The partition that a value says it belongs to. */
    static int partitionOf(String value) {
        return Outcome.json(value).get("p").asInt();
    }

    /** Waits until more is stored than there is now, by a run that goes on meanwhile. */
    static void awaitMore(StoreUnderTest store, RunningProcess by) {
        int before = store.rows().size();
        Eventually.await("more to be stored", SOON, () -> {
            assertThat(by.isAlive()).as(by::stderr).isTrue();
            return store.rows().size() > before + MORE;
        });
    }

    /** Fails unless a place holds every record of the topic once, each partition in its order. */
    void assertEachOnceIn(StoreUnderTest store) {
        store.settle();
        Map<Integer, List<Row>> sent = byPartition(kafka.read(topic).stream()
                .map(each -> new Row(each.partition(), each.offset(), KafkaClients.text(each.value())))
                .toList());
        Map<Integer, List<Row>> stored = byPartition(store.rows());
        for (int partition = 0; partition < PARTITIONS; partition++) {
            compare(partition, sent.getOrDefault(partition, List.of()), stored.getOrDefault(partition, List.of()));
        }
        if (stored.keySet().stream().anyMatch(partition -> partition >= PARTITIONS)) {
            throw new AssertionError("records of partitions that there are not: " + stored.keySet());
        }
    }

    private static Map<Integer, List<Row>> byPartition(List<Row> rows) {
        Map<Integer, List<Row>> byPartition = new TreeMap<>();
        rows.forEach(row -> byPartition
                .computeIfAbsent(row.partition(), key -> new ArrayList<>())
                .add(row));
        return byPartition;
    }

    private static void compare(int partition, List<Row> sent, List<Row> stored) {
        Map<String, Long> offsets = new HashMap<>();
        sent.forEach(row -> offsets.put(row.value(), row.offset()));
        List<String> faults = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        long last = -1;
        for (Row row : stored) {
            Long offset = offsets.get(row.value());
            if (offset == null) {
                faults.add("never sent: " + row);
            } else if (!seen.add(row.value())) {
                faults.add("twice: offset " + offset);
            } else if (row.offset() != StoreUnderTest.UNKNOWN && row.offset() != offset) {
                faults.add("stored as offset " + row.offset() + ": offset " + offset);
            } else if (offset < last) {
                faults.add("out of order: offset " + offset + " after " + last);
            }
            last = offset == null ? last : offset;
        }
        sent.stream()
                .filter(row -> !seen.contains(row.value()))
                .forEach(row -> faults.add("lost: offset " + row.offset()));
        if (!faults.isEmpty()) {
            throw new AssertionError("partition " + partition + ", " + sent.size() + " sent, " + stored.size()
                    + " stored, " + faults.size() + " faults, the first: "
                    + faults.subList(0, Math.min(MOST_NAMED, faults.size())));
        }
    }
}
