package dev.kstage.kafka;

import dev.kstage.record.Bytes;
import dev.kstage.record.DeadLetter;
import dev.kstage.record.Header;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.record.StoredRows;
import dev.kstage.report.Failure;
import dev.kstage.stage.DeadLetters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Dead letters as records of a topic, which say in headers where they came from. */
public final class DeadLetterTopic implements DeadLetters {
    private static final String PREFIX = "kstage.";
    private static final String TOPIC = PREFIX + "topic";
    private static final String PARTITION = PREFIX + "partition";
    private static final String OFFSET = PREFIX + "offset";
    private static final String TIMESTAMP = PREFIX + "timestamp";
    private static final String REASON = PREFIX + "reason";
    private static final List<String> OURS = List.of(TOPIC, PARTITION, OFFSET, TIMESTAMP, REASON);

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
                .filter(record -> about(record).keySet().containsAll(List.of(TOPIC, REASON)))
                .isPresent();
    }

    /** The last headers are ours: those before are the record's own, which may have been a dead letter once. */
    private static int own(Record record) {
        return Math.max(0, record.headers().size() - OURS.size());
    }

    private static Map<String, String> about(Record record) {
        Map<String, String> about = new HashMap<>();
        for (Header header :
                record.headers().subList(own(record), record.headers().size())) {
            Bytes value = header.value();
            if (OURS.contains(header.key())) {
                about.put(header.key(), value == null ? "" : value.toString());
            }
        }
        return about;
    }

    private Kept letter(Record record) {
        Map<String, String> about = about(record);
        List<Header> original = record.headers().subList(0, own(record));
        String topic = about.get(TOPIC);
        if (topic == null) {
            throw noLetter(record, "it has no header " + TOPIC, null);
        }
        try {
            Record rejected = new Record(
                    Integer.parseInt(about.getOrDefault(PARTITION, "")),
                    Long.parseLong(about.getOrDefault(OFFSET, "")),
                    Long.parseLong(about.getOrDefault(TIMESTAMP, "-1")),
                    record.key(),
                    record.value(),
                    original);
            return new Kept(topic, new DeadLetter(rejected, about.getOrDefault(REASON, "")));
        } catch (NumberFormatException e) {
            throw noLetter(
                    record, "its headers " + PARTITION + ", " + OFFSET + " and " + TIMESTAMP + " are no numbers", e);
        }
    }

    private Failure noLetter(Record record, String why, @Nullable Exception cause) {
        return new Failure(
                Failure.Kind.FAILED,
                "offset " + record.offset() + " of partition " + record.partition() + " of topic " + name
                        + " is no dead letter",
                why,
                "name the place that `kstage consume --to` stored in, or that of its dead letters",
                cause);
    }
}
