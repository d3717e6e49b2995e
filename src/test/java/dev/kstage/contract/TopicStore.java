package dev.kstage.contract;

import dev.kstage.installed.Eventually;
import dev.kstage.installed.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Another topic of the same cluster. */
record TopicStore(KafkaClients kafka, String name) implements StoreUnderTest {
    private static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(30);

    @Override
    public String place() {
        return "kafka:" + name;
    }

    @Override
    public List<Row> rows() {
        return read(name).stream()
                .map(each -> new Row(each.partition(), UNKNOWN, KafkaClients.text(each.value())))
                .toList();
    }

    @Override
    public List<DeadRow> deadLetters() {
        return read(name + ".dead-letter").stream()
                .map(each -> new DeadRow(
                        Integer.parseInt(header(each, "kstage.partition")),
                        Long.parseLong(header(each, "kstage.offset")),
                        header(each, "kstage.reason")))
                .toList();
    }

    private List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> read(String topic) {
        try (Admin admin = kafka.admin()) {
            if (!KafkaClients.get(admin.listTopics().names()).contains(topic)) {
                return List.of();
            }
        }
        return kafka.read(topic);
    }

    private static String header(ConsumerRecord<byte @Nullable [], byte @Nullable []> record, String key) {
        Header header = record.headers().lastHeader(key);
        if (header == null) {
            throw new AssertionError("no header " + key + " in " + record);
        }
        return KafkaClients.text(header.value());
    }

    /** A transaction that was left open hides what was committed after it until the cluster gives it up. */
    @Override
    public void settle() {
        Eventually.await(
                "no open transaction in " + name, LONGEST_TRANSACTION, () -> ends(IsolationLevel.READ_COMMITTED)
                        .equals(ends(IsolationLevel.READ_UNCOMMITTED)));
    }

    private Map<Integer, Long> ends(IsolationLevel level) {
        Map<Integer, Long> ends = new TreeMap<>();
        try (Admin admin = kafka.admin()) {
            for (int partition = 0; partition < Events.PARTITIONS; partition++) {
                TopicPartition asked = new TopicPartition(name, partition);
                ends.put(
                        partition,
                        KafkaClients.get(admin.listOffsets(
                                                Map.of(asked, OffsetSpec.latest()), new ListOffsetsOptions(level))
                                        .partitionResult(asked))
                                .offset());
            }
        }
        return ends;
    }
}
