package dev.kstage.kafka.reader;

import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.Topic;
import dev.kstage.record.DeadLetter;
import dev.kstage.record.Header;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.record.StoredRows;
import dev.kstage.report.Failure;
import dev.kstage.stage.DeadLetters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The dead-letter records of a topic; their headers tell where each record was read. */
public final class DeadLetterTopic implements DeadLetters {
    private final ClientSettings settings;
    private final String name;

    public DeadLetterTopic(ClientSettings settings, String name) {
        this.settings = settings;
        this.name = name;
    }

    @Override
    public String place() {
        return "kafka:" + name;
    }

    @Override
    public void forEach(Consumer<Kept> use) {
        Optional<Topic> topic;
        try (Cluster cluster = Cluster.connect(settings)) {
            topic = cluster.topic(name);
        }
        topic.ifPresent(found -> new TopicRecords(settings, found, StoredRows.Reached.NOTHING_TOLD)
                .forEachRecordFrom(Positions.NONE, record -> use.accept(letter(record))));
    }

    /** Whether a topic is one of dead letters, by a record that it has. */
    public static boolean holdsLetters(ClientSettings settings, Topic topic) {
        return new TopicRecords(settings, topic, StoredRows.Reached.NOTHING_TOLD)
                .any()
                .filter(record -> DeadLetterHeaders.values(record)
                        .keySet()
                        .containsAll(List.of(DeadLetterHeaders.TOPIC, DeadLetterHeaders.REASON)))
                .isPresent();
    }

    private Kept letter(Record record) {
        Map<String, String> about = DeadLetterHeaders.values(record);
        List<Header> original = DeadLetterHeaders.original(record);
        String topic = about.get(DeadLetterHeaders.TOPIC);
        if (topic == null) {
            throw noLetter(record, "it has no header " + DeadLetterHeaders.TOPIC, null);
        }
        try {
            Record rejected = new Record(
                    Integer.parseInt(about.getOrDefault(DeadLetterHeaders.PARTITION, "")),
                    Long.parseLong(about.getOrDefault(DeadLetterHeaders.OFFSET, "")),
                    Long.parseLong(about.getOrDefault(DeadLetterHeaders.TIMESTAMP, "-1")),
                    record.key(),
                    record.value(),
                    original);
            return new Kept(topic, new DeadLetter(rejected, about.getOrDefault(DeadLetterHeaders.REASON, "")));
        } catch (NumberFormatException e) {
            throw noLetter(
                    record,
                    "its headers " + DeadLetterHeaders.PARTITION + ", " + DeadLetterHeaders.OFFSET + " and "
                            + DeadLetterHeaders.TIMESTAMP + " are no numbers",
                    e);
        }
    }

    private Failure noLetter(Record record, String why, @Nullable Exception cause) {
        return new Failure(
                Failure.Kind.FAILED,
                "offset " + record.offset() + " of partition " + record.partition() + " of topic " + name
                        + " is no dead letter",
                why,
                "name the destination of `kstage consume --to`, or that of its dead-letter records",
                cause);
    }
}
