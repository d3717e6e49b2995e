package dev.kstage.transform;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kstage.report.Failure;
import dev.kstage.stage.Bytes;
import dev.kstage.stage.Header;
import dev.kstage.stage.Record;
import dev.kstage.stage.Results;
import dev.kstage.stage.Transform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Puts on produced records what the user asked for: a key, headers, a partition.
 *
 * @param key the key of every record, or null
 * @param keyField the field of the JSON value that is the key, dots leading into nested objects, or null
 * @param headers added to those that a record has
 * @param partition the partition of every record that does not name one, if set
 */
public record Addressing(@Nullable Bytes key, @Nullable String keyField, List<Header> headers, OptionalInt partition)
        implements Transform {
    private static final JsonFactory JSON = new JsonFactory();

    @Override
    public void apply(Record record, Results results) {
        results.store(addressed(record));
    }

    /**
     * The same, with a key sent where librdkafka sends it instead of where Java's clients do.
     *
     * @param partitions of the topic
     */
    public Transform asLibrdkafka(int partitions) {
        return (record, results) -> results.store(KeyChecksum.placed(addressed(record), partitions));
    }

    private Record addressed(Record record) {
        return new Record(
                record.partition() == Record.UNSET ? partition.orElse(Record.UNSET) : record.partition(),
                record.offset(),
                record.timestamp(),
                keyOf(record),
                record.value(),
                headersOf(record));
    }

    private @Nullable Bytes keyOf(Record record) {
        if (keyField != null) {
            return fieldOf(record, keyField);
        }
        return key == null ? record.key() : key;
    }

    private List<Header> headersOf(Record record) {
        if (headers.isEmpty()) {
            return record.headers();
        }
        List<Header> all = new ArrayList<>(record.headers());
        all.addAll(headers);
        return all;
    }

    private static Bytes fieldOf(Record record, String field) {
        Bytes value = record.value();
        if (value == null) {
            throw noKey(record, field, "the record has no value");
        }
        try (JsonParser parser = JSON.createParser(value.array())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw noKey(record, field, "the value is not a JSON object");
            }
            for (String name : field.split("\\.", -1)) {
                if (parser.currentToken() != JsonToken.START_OBJECT || !enter(parser, name)) {
                    throw noKey(record, field, "the value has no field \"" + name + "\" there");
                }
            }
            if (!parser.currentToken().isScalarValue() || parser.currentToken() == JsonToken.VALUE_NULL) {
                throw noKey(record, field, "the field is neither text nor a number nor a boolean");
            }
            return Bytes.of(parser.getText());
        } catch (IOException e) {
            throw noKey(record, field, "the value is not JSON");
        }
    }

    private static boolean enter(JsonParser parser, String name) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = parser.currentName().equals(name);
            parser.nextToken();
            if (found) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static Failure noKey(Record record, String field, String why) {
        return new Failure(
                Failure.Kind.FAILED,
                "record " + record.offset() + " of the input has no key \"" + field + "\"",
                why,
                "name a field that every record has with --key-from, or give all the same key with --key");
    }
}
