package dev.kstage.kafka.exactlyonce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kstage.kafka.producer.DeliveryStats;
import dev.kstage.stage.DeadLetterLog;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far a run of {@code produce} has come, over all its attempts. It is a committed offset of partition 0 of the
 * topic, with metadata. The figures of the other partitions are the metadata of their own offsets.
 *
 * @param next the position in the source: the next event, or the next byte of a file
 * @param partitions how many the topic had when the run began, by which its keys are hashed
 * @param begun when the first attempt began, milliseconds since 1970 UTC
 * @param attempt the attempt that has the run
 * @param millis how long all attempts took
 * @param fingerprint of the part of the input before {@code next}, or null if there is none
 * @param deadLetters how far the file of dead letters belongs to the run, or null for a run without one
 * @param delivered what was committed
 */
record Checkpoint(
        long next,
        RunParameters parameters,
        int partitions,
        long begun,
        String attempt,
        long millis,
        @Nullable String fingerprint,
        boolean finished,
        DeadLetterLog.@Nullable Extent deadLetters,
        DeliveryStats delivered) {
    /** With more partitions than this the figures of each are omitted: they would make commits and reports long. */
    static final int MOST_PARTITIONS = 256;

    private static final JsonMapper JSON = new JsonMapper();

    boolean hasFigures() {
        return partitions <= MOST_PARTITIONS;
    }

    /** The offsets to commit, but for those of partitions that are as they were in {@code before}. */
    Map<TopicPartition, OffsetAndMetadata> offsets(String topic, @Nullable Checkpoint before) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        offsets.put(new TopicPartition(topic, 0), new OffsetAndMetadata(next, metadata()));
        delivered.partitions().forEach((partition, to) -> {
            if (partition > 0
                    && !(before != null
                            && to.equals(before.delivered.partitions().get(partition)))) {
                offsets.put(
                        new TopicPartition(topic, partition),
                        new OffsetAndMetadata(to.lastOffset() + 1, figures(to).toString()));
            }
        });
        return offsets;
    }

    private String metadata() {
        ObjectNode json = JSON.createObjectNode();
        json.put("kstage", 1);
        json.put("n", partitions);
        json.put("t", begun);
        json.put("a", attempt);
        json.put("ms", millis);
        json.put("r", delivered.records());
        json.put("b", delivered.bytes());
        json.put("f", finished);
        if (fingerprint != null) {
            json.put("h", fingerprint);
        }
        if (deadLetters != null) {
            json.putArray("d").add(deadLetters.bytes()).add(deadLetters.letters());
        }
        DeliveryStats.ToPartition first = delivered.partitions().get(0);
        if (first != null) {
            json.set("p", figures(first));
        }
        ObjectNode stored = json.putObject("q");
        parameters.stored().forEach(stored::put);
        return json.toString();
    }

    private static ArrayNode figures(DeliveryStats.ToPartition to) {
        return JSON.createArrayNode().add(to.records()).add(to.firstOffset()).add(to.lastOffset());
    }

    /**
     * Reads what {@link #offsets} made.
     *
     * @return null if there is none
     * @throws IllegalArgumentException if it is not one
     */
    static @Nullable Checkpoint of(String topic, Map<TopicPartition, OffsetAndMetadata> offsets) {
        OffsetAndMetadata offset = offsets.get(new TopicPartition(topic, 0));
        if (offset == null) {
            return null;
        }
        JsonNode json = tree(offset.metadata());
        if (json.path("kstage").asInt() != 1 || !json.path("q").isObject()) {
            throw new IllegalArgumentException("not a checkpoint that this release of kstage can read");
        }
        SortedMap<String, String> stored = new TreeMap<>();
        json.path("q")
                .properties()
                .forEach(each -> stored.put(each.getKey(), each.getValue().asText()));
        SortedMap<Integer, DeliveryStats.ToPartition> figures = new TreeMap<>();
        offsets.forEach((partition, each) -> {
            JsonNode of = partition.partition() == 0 ? json.path("p") : tree(each.metadata());
            if (of.isArray() && of.size() == 3) {
                figures.put(
                        partition.partition(),
                        new DeliveryStats.ToPartition(
                                of.path(0).asLong(),
                                of.path(1).asLong(),
                                of.path(2).asLong()));
            }
        });
        return new Checkpoint(
                offset.offset(),
                new RunParameters(stored),
                json.path("n").asInt(),
                json.path("t").asLong(),
                json.path("a").asText(),
                json.path("ms").asLong(),
                json.path("h").isTextual() ? json.path("h").asText() : null,
                json.path("f").asBoolean(),
                json.path("d").isArray()
                        ? new DeadLetterLog.Extent(
                                json.path("d").path(0).asLong(),
                                json.path("d").path(1).asLong())
                        : null,
                new DeliveryStats(json.path("r").asLong(), 0, json.path("b").asLong(), figures));
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a checkpoint of kstage", e);
        }
    }

    /** This checkpoint, taken over by an attempt. */
    Checkpoint takenBy(String newAttempt) {
        return new Checkpoint(
                next, parameters, partitions, begun, newAttempt, millis, fingerprint, finished, deadLetters, delivered);
    }

    /** The checkpoint after another transaction. */
    Checkpoint movedTo(
            long to,
            DeliveryStats more,
            long newMillis,
            @Nullable String newFingerprint,
            DeadLetterLog.@Nullable Extent newDeadLetters) {
        DeliveryStats all = delivered.and(more);
        return new Checkpoint(
                to,
                parameters,
                partitions,
                begun,
                attempt,
                newMillis,
                newFingerprint,
                false,
                newDeadLetters,
                hasFigures() ? all : all.withoutPartitions());
    }

    /** The checkpoint at the end of the input. */
    Checkpoint atEnd(long newMillis) {
        return new Checkpoint(
                next, parameters, partitions, begun, attempt, newMillis, fingerprint, true, deadLetters, delivered);
    }
}
