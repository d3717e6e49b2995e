package dev.kstage.installed;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's own clients, with no code of kstage in between.
 *
 * @param bootstrapServers of the cluster
 */
public record KafkaClients(String bootstrapServers) {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Creates a topic. */
    public void createTopic(String topic, int partitions) {
        createTopic(topic, partitions, Map.of());
    }

    /** Creates a topic with a configuration of its own. */
    public void createTopic(String topic, int partitions, Map<String, String> configuration) {
        try (Admin admin = admin()) {
            get(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configuration)))
                    .all());
        }
    }

    /** An admin client, to be closed by the caller. */
    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** The answer of an admin client. */
    public static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** A producer, to be closed by the caller; transactional if it is given an id. */
    public KafkaProducer<byte @Nullable [], byte @Nullable []> producer(@Nullable String transactionalId) {
        return producer(transactionalId == null ? Map.of() : Map.of("transactional.id", transactionalId));
    }

    private KafkaProducer<byte @Nullable [], byte @Nullable []> producer(Map<String, String> more) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Sends texts, in this order, to one partition. */
    public void send(String topic, int partition, String... values) {
        List<ProducerRecord<byte @Nullable [], byte @Nullable []>> records = new ArrayList<>();
        for (String value : values) {
            records.add(new ProducerRecord<>(topic, partition, null, bytes(value)));
        }
        send(records);
    }

    /** Sends records in this order and waits until all are acknowledged. */
    public void send(List<ProducerRecord<byte @Nullable [], byte @Nullable []>> records) {
        send(records, Map.of());
    }

    /** The same with more settings of the producer. */
    public void send(List<ProducerRecord<byte @Nullable [], byte @Nullable []>> records, Map<String, String> more) {
        try (var producer = producer(more)) {
            for (ProducerRecord<byte @Nullable [], byte @Nullable []> each : records) {
                var unused = producer.send(each);
            }
            producer.flush();
        }
    }

    /** Every committed record of a topic, each partition in its order. */
    public List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> read(String topic) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        settings.put("max.poll.records", "10000");
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records = new ArrayList<>();
        try (KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
            long end = System.nanoTime() + LIMIT.toNanos();
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("topic " + topic + " could not be read to its end");
                }
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    /** Every committed value of a topic as text; null for a tombstone is not expected here. */
    public List<String> values(String topic) {
        return read(topic).stream().map(record -> text(record.value())).toList();
    }

    /** Bytes as text; fails on none. */
    public static String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new AssertionError("there are no bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Text as bytes. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
