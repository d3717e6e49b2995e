package dev.kstage.transform;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.kstage.record.Bytes;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.JsonFault;
import dev.kstage.report.Text;
import dev.kstage.stage.Results;
import dev.kstage.stage.Transform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Rejects a record whose value is not exactly one JSON text in UTF-8 (RFC 8259), nested at most {@value #MOST_DEPTH}
 * deep. It parses values but builds no tree, and a stored value keeps its bytes. Not thread-safe.
 */
public final class JsonCheck implements Transform {
    /** Deeper values are legal JSON that other programs can't read. */
    static final int MOST_DEPTH = 1_000;

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MOST_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();

    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final CharBuffer decoded = CharBuffer.allocate(8192);

    @Override
    public void apply(Record record, Results results) {
        String fault = fault(record.value());
        if (fault == null) {
            results.store(record);
        } else {
            results.reject(record, fault);
        }
    }

    private @Nullable String fault(@Nullable Bytes value) {
        if (value == null) {
            return "no value (a tombstone)";
        }
        String fault = encodingFault(value);
        if (fault != null) {
            return fault;
        }
        try (JsonParser parser = JSON.createParser(value.array())) {
            if (parser.nextToken() == null) {
                return "not JSON: the value is empty";
            }
            parser.skipChildren();
            return parser.nextToken() == null ? null : "not JSON: text follows the end of the JSON value";
        } catch (JsonProcessingException e) {
            return "not JSON: " + reason(e);
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    "cannot check a value",
                    String.valueOf(e.getMessage()),
                    "report this as a bug",
                    e);
        }
    }

    /** Finds what the parser would accept or guess: other encodings, overlong forms, a byte order mark. */
    private @Nullable String encodingFault(Bytes value) {
        if (value.isPlain()) {
            return null;
        }
        byte[] bytes = value.array();
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == 0) {
                return "not JSON: zero byte at byte " + at;
            }
        }
        if (bytes.length >= 3 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf) {
            return "not JSON: the value starts with a byte order mark";
        }
        ByteBuffer input = ByteBuffer.wrap(bytes);
        utf8.reset();
        CoderResult result;
        do {
            decoded.clear();
            result = utf8.decode(input, decoded, true);
        } while (result.isOverflow());
        return result.isError() ? "not UTF-8 at byte " + input.position() : null;
    }

    private static String reason(JsonProcessingException e) {
        long offset = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
        return Text.harmless(JsonFault.of(e)) + (offset < 0 ? "" : " at byte " + offset);
    }
}
