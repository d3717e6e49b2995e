package dev.kstage.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kstage.record.Bytes;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The field of a record's JSON value that becomes its key.
 *
 * @param path the name of the field; dots lead into nested objects
 * @param ifMissing what to do with a record that lacks the field, or whose value is not JSON
 */
public record KeyField(String path, IfMissing ifMissing) {
    private static final JsonFactory JSON = new JsonFactory();

    /** What to do with a record that lacks the field. */
    public enum IfMissing {
        FAIL,
        NULL,
        DEAD_LETTER
    }

    /** The record lacks the field; the message gives the reason. */
    public static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        Missing(String why) {
            // No stack trace, because there may be one exception per line.
            super(why, null, false, false);
        }

        /** The reason, in one line for a person. */
        public String why() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * The key of the record.
     *
     * @return null if it has no key and is sent without one
     * @throws Missing if it has no key and must not be sent
     */
    public @Nullable Bytes keyOf(Record record) throws Missing {
        try {
            return find(record);
        } catch (Missing e) {
            if (ifMissing == IfMissing.NULL) {
                return null;
            }
            throw e;
        }
    }

    /** The record with its key. */
    public Record keyed(Record record) throws Missing {
        return new Record(
                record.partition(),
                record.offset(),
                record.timestamp(),
                keyOf(record),
                record.value(),
                record.headers());
    }

    /** @param location the location of the record, such as {@code line 7 of orders.jsonl} */
    public Failure failure(String location, Missing missing) {
        return new Failure(
                Failure.Kind.FAILED,
                location + " has no key \"" + path + "\"",
                missing.why(),
                "all lines before it are sent; correct this line, or say what to do with such lines with"
                        + " --key-if-missing");
    }

    private Bytes find(Record record) throws Missing {
        Bytes value = record.value();
        if (value == null) {
            throw new Missing("the record has no value");
        }
        try (JsonParser parser = JSON.createParser(value.array())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Missing("the value is not a JSON object");
            }
            for (String name : path.split("\\.", -1)) {
                if (parser.currentToken() != JsonToken.START_OBJECT || !enter(parser, name)) {
                    throw new Missing("the value has no field \"" + name + "\"");
                }
            }
            if (!parser.currentToken().isScalarValue() || parser.currentToken() == JsonToken.VALUE_NULL) {
                throw new Missing("the field is not a string, a number or a boolean");
            }
            return Bytes.of(parser.getText());
        } catch (IOException e) {
            throw new Missing("the value is not JSON");
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
}
