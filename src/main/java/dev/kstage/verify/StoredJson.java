package dev.kstage.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kstage.report.Failure;
import dev.kstage.stage.Origin;
import dev.kstage.stage.Position;
import dev.kstage.stage.Positions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The documents that stand beside stored rows, read without the classes that write them. */
final class StoredJson {
    private static final JsonMapper MAPPER = new JsonMapper();

    private StoredJson() {}

    /** The document in a file; a missing node if there is no such file. */
    static JsonNode read(Path file) {
        try {
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            throw new Failure(Failure.Kind.FAILED, "cannot read " + file, "it is not JSON", "bring that file back", e);
        } catch (IOException e) {
            throw LineReader.unreadable(file, e);
        }
    }

    /** A topic's name and id, or null if they are not both there. */
    static @Nullable Origin origin(JsonNode topic) {
        return topic.path("name").isTextual() && topic.path("id").isTextual()
                ? new Origin(topic.path("name").textValue(), topic.path("id").textValue())
                : null;
    }

    /** The positions of an object of partitions. */
    static Positions positions(JsonNode byPartition) {
        Map<Integer, Position> positions = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : byPartition.properties()) {
            positions.put(
                    Integer.valueOf(each.getKey()),
                    Position.at(each.getValue().path("next").asLong()));
        }
        return Positions.of(positions);
    }
}
