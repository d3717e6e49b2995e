package dev.kstage.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.kstage.record.Bytes;
import dev.kstage.record.Header;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.JsonFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses a whole record from a JSON object: {@code key}, {@code value}, {@code headers}, {@code partition}, {@code
 * timestamp} (milliseconds). A string means its UTF-8 bytes; {@code keyBase64} and {@code valueBase64} hold arbitrary
 * bytes. Any other JSON means its exact text in the line. A null value is a tombstone.
 */
final class Envelope {
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final byte[] line;
    private final String location;
    private final JsonParser parser;
    private final Part key = new Part();
    private final Part value = new Part();
    private List<Header> headers = List.of();
    private long partition = Record.UNSET;
    private long timestamp = Record.UNSET;

    /** The bytes of a field in one of two forms; base64 is the more exact one and wins. */
    private static final class Part {
        private @Nullable Bytes text;
        private @Nullable Bytes base64;

        @Nullable
        Bytes bytes() {
            return base64 == null ? text : base64;
        }
    }

    private Envelope(byte[] line, String location, JsonParser parser) {
        this.line = line;
        this.location = location;
        this.parser = parser;
    }

    static Record record(byte[] line, long number, String location) {
        try (JsonParser parser = JSON.createParser(line)) {
            Envelope envelope = new Envelope(line, location, parser);
            envelope.read();
            return new Record(
                    (int) envelope.partition,
                    number,
                    envelope.timestamp,
                    envelope.key.bytes(),
                    envelope.value.bytes(),
                    List.copyOf(envelope.headers));
        } catch (JsonProcessingException e) {
            throw unreadable(location, "it is not JSON: " + JsonFault.of(e), "correct the line");
        } catch (IOException e) {
            throw unreadable(location, String.valueOf(e.getMessage()), "correct the line");
        }
    }

    private void read() throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw unreadable(location, "it is not a JSON object", "use --format value to send lines unchanged");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            take(name);
        }
        if (parser.nextToken() != null) {
            throw unreadable(location, "text follows the end of the object", "write one record per line");
        }
    }

    private void take(String name) throws IOException {
        switch (name) {
            case "key" -> key.text = bytes();
            case "keyBase64" -> key.base64 = base64();
            case "value" -> value.text = bytes();
            case "valueBase64" -> value.base64 = base64();
            case "headers" -> headers = headers();
            case "partition" -> partition = whole(name, Integer.MAX_VALUE);
            case "timestamp" -> timestamp = whole(name, Long.MAX_VALUE);
            case "topic", "offset", "reason" -> parser.skipChildren();
            default ->
                throw unreadable(
                        location,
                        "the unknown field is \"" + name + "\"",
                        "use key, value, headers, partition and timestamp; or use --format value to send lines"
                                + " unchanged");
        }
    }

    private long whole(String name, long most) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return Record.UNSET;
        }
        if (token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            long number = parser.getLongValue();
            // Records in old message formats have no timestamp; a dead-letter record has -1 then.
            boolean isUnset = name.equals("timestamp") && number == Record.UNSET;
            if (isUnset || (number >= 0 && number <= most)) {
                return number;
            }
        }
        throw unreadable(location, "its " + name + " is not a whole number of at least 0", "correct the line");
    }

    private @Nullable Bytes base64() throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return Bytes.of(parser.getBinaryValue());
        }
        parser.skipChildren();
        return null;
    }

    private @Nullable Bytes bytes() throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token == JsonToken.VALUE_STRING) {
            return Bytes.of(parser.getText());
        }
        long from = parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        // The parser reads the end of a number only on request.
        parser.finishToken();
        long to = parser.currentLocation().getByteOffset();
        if (from < 0 || to < from) {
            throw unreadable(location, "it is not UTF-8 text", "convert the input to UTF-8");
        }
        return Bytes.of(Arrays.copyOfRange(line, (int) from, (int) to));
    }

    /** Headers as an object, or as an array of a dead-letter record, in which a name may occur twice. */
    private List<Header> headers() throws IOException {
        List<Header> found = new ArrayList<>();
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                found.add(header());
            }
        } else if (token == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                found.add(new Header(name, bytes()));
            }
        } else if (token != JsonToken.VALUE_NULL) {
            throw noHeaders();
        }
        return found;
    }

    private Header header() throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw noHeaders();
        }
        String name = null;
        Part content = new Part();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String part = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (part) {
                case "key" -> name = token == JsonToken.VALUE_STRING ? parser.getText() : null;
                case "value" -> content.text = bytes();
                case "valueBase64" -> content.base64 = base64();
                default -> parser.skipChildren();
            }
            if (part.equals("key") && name == null) {
                throw noHeaders();
            }
        }
        if (name == null) {
            throw noHeaders();
        }
        return new Header(name, content.bytes());
    }

    private Failure noHeaders() {
        return unreadable(
                location, "its headers are neither an object nor an array of objects with a key", "correct the line");
    }

    static Failure unreadable(String location, String why, String remedy) {
        return new Failure(Failure.Kind.FAILED, "cannot read " + location, why, remedy);
    }
}
