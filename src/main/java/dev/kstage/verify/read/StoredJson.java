package dev.kstage.verify.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.report.Failure;
import dev.kstage.report.RegularFile;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the metadata of a destination, without the classes that write it. */
final class StoredJson {
    private static final JsonMapper MAPPER = new JsonMapper();
    // The largest document is a position file, with all partitions of a topic.
    private static final int MOST_BYTES = 4 << 20;

    private StoredJson() {}

    /** The document in a file; a missing node if the file does not exist. */
    static JsonNode read(Path file) {
        try {
            return MAPPER.readTree(RegularFile.read(file, MOST_BYTES));
        } catch (NoSuchFileException e) {
            return MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            throw new Failure(Failure.Kind.FAILED, "cannot read " + file, "it is not JSON", "restore that file", e);
        } catch (IOException e) {
            throw LineReader.unreadable(file, e);
        }
    }

    /** A topic's name and id, or null if one of them is missing. */
    static @Nullable Origin origin(JsonNode topic) {
        return topic.path("name").isTextual() && topic.path("id").isTextual()
                ? new Origin(topic.path("name").textValue(), topic.path("id").textValue())
                : null;
    }

    /**
     * The positions in a JSON object of partitions.
     *
     * @param file the file with the object, for a person
     * @throws Failure if a partition or an offset is not valid
     */
    static Positions positions(JsonNode byPartition, Path file) {
        Map<Integer, Position> positions = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : byPartition.properties()) {
            JsonNode next = each.getValue().path("next");
            if (!each.getKey().matches("[0-9]{1,9}") || !isOffset(next)) {
                throw damaged(file, "it has an invalid position");
            }
            positions.put(Integer.valueOf(each.getKey()), Position.at(next.longValue()));
        }
        return Positions.of(positions);
    }

    /** Whether a number can be an offset or a length. */
    static boolean isOffset(JsonNode number) {
        return number.isIntegralNumber() && number.canConvertToLong() && number.longValue() >= 0;
    }

    /** The failure for a document that kstage did not write. */
    static Failure damaged(Path file, String why) {
        return new Failure(Failure.Kind.FAILED, "cannot read " + file, why, "restore that file");
    }

    /** The path of a name in a document, relative to a directory. */
    static Path resolve(Path directory, String name, Path file) {
        try {
            return directory.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw damaged(file, "it names a file that kstage can't have created");
        }
    }
}
