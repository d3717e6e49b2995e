package dev.kstage.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.kstage.record.Bytes;
import dev.kstage.record.DeadLetter;
import dev.kstage.record.Header;
import dev.kstage.record.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A dead-letter record as a line of JSON with the whole record. Bytes that are UTF-8 text are in {@code key} and
 * {@code value}, others in {@code keyBase64} and {@code valueBase64}.
 */
public final class DeadLetterLine {
    private static final JsonFactory JSON = new JsonFactory();

    private DeadLetterLine() {}

    public static Bytes of(String topic, DeadLetter deadLetter) throws IOException {
        Record record = deadLetter.record();
        ByteArrayOutputStream line = new ByteArrayOutputStream(256 + record.size());
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("topic", topic);
            json.writeNumberField("partition", record.partition());
            json.writeNumberField("offset", record.offset());
            json.writeNumberField("timestamp", record.timestamp());
            json.writeStringField("reason", deadLetter.reason());
            writeBytes(json, "key", record.key());
            writeBytes(json, "value", record.value());
            json.writeFieldName("headers");
            writeHeaders(json, record);
            json.writeEndObject();
        }
        return Bytes.of(line.toByteArray());
    }

    /** The headers only, as a JSON array. */
    public static String headersOf(Record record) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            writeHeaders(json, record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void writeHeaders(JsonGenerator json, Record record) throws IOException {
        json.writeStartArray();
        for (Header header : record.headers()) {
            json.writeStartObject();
            json.writeStringField("key", header.key());
            writeBytes(json, "value", header.value());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Writes bytes as {@code name} if they are UTF-8, else as {@code nameBase64}. */
    public static void writeBytes(JsonGenerator json, String name, @Nullable Bytes bytes) throws IOException {
        if (bytes == null) {
            json.writeNullField(name);
            return;
        }
        String text = textOf(bytes);
        if (text == null) {
            json.writeBinaryField(name + "Base64", bytes.array());
        } else {
            json.writeStringField(name, text);
        }
    }

    private static @Nullable String textOf(Bytes bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.array()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
