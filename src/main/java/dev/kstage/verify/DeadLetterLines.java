package dev.kstage.verify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kstage.report.Failure;
import dev.kstage.stage.Bytes;
import dev.kstage.stage.DeadLetter;
import dev.kstage.stage.DeadLetters;
import dev.kstage.stage.Header;
import dev.kstage.stage.Record;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters as lines of JSON, in one file or in all files of a directory. What stands behind the
 * committed length of a file is none: a run was killed there, and the next one cuts it off.
 */
public final class DeadLetterLines implements DeadLetters {
    private static final String SUFFIX = "dead-letter.jsonl";
    private static final JsonMapper MAPPER = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    private final Path place;

    /** @param place a file, or a directory of {@code .jsonl} files */
    public DeadLetterLines(Path place) {
        this.place = place;
    }

    /** Whether a file is one of dead letters by its name. */
    public static boolean isNameOfOne(Path file) {
        return String.valueOf(file.getFileName()).endsWith(SUFFIX);
    }

    @Override
    public String place() {
        return Files.isDirectory(place) ? place + "/" : place.toString();
    }

    @Override
    public void forEach(Consumer<Kept> use) {
        for (Path file : files()) {
            long[] number = {0};
            LineReader.forEach(file, committed(file), (line, hasEnd) -> {
                String where = "line " + ++number[0] + " of " + file;
                if (!hasEnd) {
                    throw noLetter(where, "it ends without a line feed", null);
                }
                use.accept(letter(line, where));
            });
        }
    }

    private List<Path> files() {
        if (!Files.isDirectory(place)) {
            return Files.exists(place) ? List.of(place) : List.of();
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(each -> each.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw LineReader.unreadable(place, e);
        }
    }

    /** The position of {@code out.dead-letter.jsonl} is that of {@code out.jsonl}, if that is where it belongs. */
    private static long committed(Path file) {
        String name = String.valueOf(file.getFileName());
        for (String start : List.of(".", "-")) {
            if (name.endsWith(start + SUFFIX)) {
                String stem = name.substring(0, name.length() - start.length() - SUFFIX.length());
                Path position = file.resolveSibling(stem + (start.equals(".") ? ".jsonl" : "") + ".position");
                return StoredJson.read(position).path("deadLetterLength").asLong(Long.MAX_VALUE);
            }
        }
        return Long.MAX_VALUE;
    }

    private static Kept letter(byte[] line, String where) {
        try {
            JsonNode json = MAPPER.readTree(line);
            if (!json.path("topic").isTextual()
                    || !json.path("partition").isIntegralNumber()
                    || !json.path("offset").isIntegralNumber()) {
                throw noLetter(where, "it has no topic, partition and offset", null);
            }
            Record record = new Record(
                    json.path("partition").intValue(),
                    json.path("offset").longValue(),
                    json.path("timestamp").asLong(Record.UNSET),
                    bytes(json, "key"),
                    bytes(json, "value"),
                    headers(json.path("headers")));
            return new Kept(
                    json.path("topic").textValue(),
                    new DeadLetter(record, json.path("reason").asText()));
        } catch (JsonProcessingException e) {
            throw noLetter(where, "it is not JSON", e);
        } catch (IOException e) {
            throw noLetter(where, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The headers of a JSON array that stands alone.
     *
     * @param where it stands, for a person
     */
    static List<Header> headers(String array, String where) {
        try {
            return headers(MAPPER.readTree(array));
        } catch (JsonProcessingException e) {
            throw noLetter(where, "its headers are not JSON", e);
        } catch (IOException e) {
            throw noLetter(where, String.valueOf(e.getMessage()), e);
        }
    }

    private static List<Header> headers(JsonNode array) throws IOException {
        List<Header> headers = new ArrayList<>();
        for (JsonNode header : array) {
            headers.add(new Header(header.path("key").asText(), bytes(header, "value")));
        }
        return headers;
    }

    private static @Nullable Bytes bytes(JsonNode json, String name) throws IOException {
        JsonNode base64 = json.path(name + "Base64");
        if (base64.isTextual()) {
            return Bytes.of(base64.binaryValue());
        }
        JsonNode text = json.path(name);
        return text.isTextual() ? Bytes.of(text.textValue()) : null;
    }

    private static Failure noLetter(String where, String why, @Nullable Exception cause) {
        return new Failure(
                Failure.Kind.FAILED,
                where + " is no dead letter",
                why,
                "name the place that `kstage consume --to` stored in, or that of its dead letters",
                cause);
    }
}
