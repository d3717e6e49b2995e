package dev.kstage.contract;

import dev.kstage.installed.KafkaClients;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Another topic of the same cluster. */
record TopicStore(KafkaClients kafka, String name) implements StoreUnderTest {
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

    @Override
    public @Nullable Path room() {
        return null;
    }
}
