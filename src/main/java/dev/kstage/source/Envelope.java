package dev.kstage.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.kstage.report.Failure;
import dev.kstage.stage.Bytes;
import dev.kstage.stage.Header;
import dev.kstage.stage.Record;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A whole record as a JSON object: {@code key}, {@code value}, {@code headers}, {@code partition},
 * {@code timestamp} (milliseconds). Text stands for its UTF-8 bytes, {@code keyBase64} and {@code
 * valueBase64} for any bytes, any other JSON for its compact text; a value of null is a tombstone.
 */
final class Envelope {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Set<String> PARTS = Set.of(
            "key",
            "keyBase64",
            "value",
            "valueBase64",
            "headers",
            "partition",
            "timestamp",
            "topic",
            "offset",
            "reason");

    private Envelope() {}

    static Record record(byte[] line, long number, String place) {
        try {
            JsonNode json = MAPPER.readTree(line);
            if (json == null || !json.isObject()) {
                throw unreadable(place, "it is not a JSON object", "use --format value to send lines as they are");
            }
            for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (!PARTS.contains(name)) {
                    throw unreadable(
                            place,
                            "a record has no part called \"" + name + "\"",
                            "use key, value, headers, partition and timestamp, or --format value to send lines as they are");
                }
            }
            return new Record(
                    (int) whole(json, "partition", Integer.MAX_VALUE, place),
                    number,
                    whole(json, "timestamp", Long.MAX_VALUE, place),
                    bytes(json, "key"),
                    bytes(json, "value"),
                    headers(json.path("headers"), place));
        } catch (JsonProcessingException e) {
            throw unreadable(place, "it is not JSON: " + e.getOriginalMessage(), "correct the line");
        } catch (IOException e) {
            throw unreadable(place, String.valueOf(e.getMessage()), "correct the line");
        }
    }

    private static long whole(JsonNode json, String name, long most, String place) {
        JsonNode number = json.path(name);
        // Records of old message formats have no time; a dead letter says so with -1.
        boolean isUnset = name.equals("timestamp") && number.equals(IntNode.valueOf(Record.UNSET));
        if (number.isMissingNode() || number.isNull() || isUnset) {
            return Record.UNSET;
        }
        if (!number.canConvertToLong()
                || !number.isIntegralNumber()
                || number.longValue() < 0
                || number.longValue() > most) {
            throw unreadable(place, "its " + name + " is not a whole number from 0", "correct the line");
        }
        return number.longValue();
    }

    private static @Nullable Bytes bytes(JsonNode json, String name) throws IOException {
        JsonNode base64 = json.path(name + "Base64");
        if (base64.isTextual()) {
            return Bytes.of(base64.binaryValue());
        }
        JsonNode part = json.path(name);
        if (part.isMissingNode() || part.isNull()) {
            return null;
        }
        return part.isTextual() ? Bytes.of(part.textValue()) : Bytes.of(MAPPER.writeValueAsBytes(part));
    }

    /** An object of names and values, or the list that a dead letter has, where a name may come twice. */
    private static List<Header> headers(JsonNode json, String place) throws IOException {
        List<Header> headers = new ArrayList<>();
        if (json.isArray()) {
            for (JsonNode header : json) {
                if (!header.path("key").isTextual()) {
                    throw noHeaders(place);
                }
                headers.add(new Header(header.path("key").textValue(), bytes(header, "value")));
            }
        } else if (json.isObject() || json.isNull() || json.isMissingNode()) {
            for (Map.Entry<String, JsonNode> header : json.properties()) {
                headers.add(new Header(header.getKey(), bytes(json, header.getKey())));
            }
        } else {
            throw noHeaders(place);
        }
        return List.copyOf(headers);
    }

    private static Failure noHeaders(String place) {
        return unreadable(
                place, "its headers are neither an object nor a list of objects with a key", "correct the line");
    }

    static Failure unreadable(String place, String why, String remedy) {
        return new Failure(Failure.Kind.FAILED, "cannot read " + place, why, remedy);
    }
}
