package dev.kstage.verify;

import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.reader.TopicRecords;
import dev.kstage.record.Bytes;
import dev.kstage.record.Origin;
import dev.kstage.record.StoredRows.Reached;
import dev.kstage.report.Failure;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The records of a topic that a destination has not read yet.
 *
 * @param settings connects when needed; a failure becomes the reason why the lag is not known
 * @param name the topic, or null for the topic that the destination stores
 */
public record TopicLag(
        Supplier<ClientSettings> settings, @Nullable String name) implements SourceLag {
    @Override
    public @Nullable String forEach(Reached reached, Consumer<byte @Nullable []> use) {
        Origin origin = reached.topic();
        if (origin == null) {
            return "the destination stores no offsets";
        }
        if (name != null && !name.equals(origin.name())) {
            return "the destination was filled from topic " + origin.name() + ", and the run sent to topic " + name;
        }
        try {
            ClientSettings client = settings.get();
            Optional<Topic> topic;
            try (Cluster cluster = Cluster.connect(client)) {
                topic = cluster.topic(origin.name());
            }
            if (topic.isEmpty()) {
                return "there is no topic " + origin.name() + " at " + client.bootstrapServers();
            }
            if (!topic.get().id().equals(origin.id())) {
                return "topic " + origin.name() + " at " + client.bootstrapServers()
                        + " is not the topic that the destination was filled from";
            }
            new TopicRecords(client, topic.get(), Reached.NOTHING_TOLD)
                    .forEachRecordFrom(reached.positions(), record -> {
                        Bytes value = record.value();
                        use.accept(value == null ? null : value.array());
                    });
            return null;
        } catch (Failure e) {
            return e.what() + ": " + e.why();
        }
    }
}
