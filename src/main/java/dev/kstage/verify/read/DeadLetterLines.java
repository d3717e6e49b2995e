package dev.kstage.verify.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kstage.record.Bytes;
import dev.kstage.record.DeadLetter;
import dev.kstage.record.Header;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.RegularFile;
import dev.kstage.report.Text;
import dev.kstage.stage.DeadLetters;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads dead-letter records from lines of JSON, in one file or in all files of a directory. Lines after the committed
 * length of a file do not count: a run was killed there, and the next run removes them.
 */
public final class DeadLetterLines implements DeadLetters {
    private static final String SUFFIX = "dead-letter.jsonl";
    private static final JsonMapper MAPPER = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    private final Path location;
    private final @Nullable Path position;
    private final @Nullable Path segments;

    /** @param location a file, or a directory of {@code .jsonl} files */
    public DeadLetterLines(Path location) {
        this(location, positionByName(location), null);
    }

    private DeadLetterLines(Path location, @Nullable Path position, @Nullable Path segments) {
        this.location = location;
        this.position = position;
        this.segments = segments;
    }

    /**
     * The dead-letter records of a file of results: in the file that its position names, or the default one.
     *
     * @param named the file that the user named, or null. Without it, a file in another directory is rejected,
     *     because another user may have changed the position.
     */
    public static DeadLetterLines ofFile(Path results, @Nullable Path named) {
        Path position = positionOf(results);
        JsonNode stored = StoredJson.read(position).path("deadLetterFile");
        if (!stored.isTextual()) {
            requireNoLink(beside(results));
            return new DeadLetterLines(beside(results), position, null);
        }
        Path directory =
                Objects.requireNonNull(results.toAbsolutePath().normalize().getParent(), "a file has a directory");
        Path own = StoredJson.resolve(directory, stored.textValue(), position);
        if (named == null && !directory.equals(own.getParent())) {
            throw elsewhere(results, own, position);
        }
        requireNoLink(own);
        return new DeadLetterLines(own, position, null);
    }

    /**
     * The dead-letter records of a directory of results: in the directory that its manifest names, or the default
     * one.
     *
     * @param named the directory that the user named, or null; then only the default one is read
     */
    public static DeadLetterLines ofDirectory(Path results, @Nullable Path named) {
        Path manifest = results.resolve("_kstage/manifest.json");
        JsonNode stored = StoredJson.read(manifest).path("deadLetters");
        Path own = StoredJson.resolve(results, stored.isTextual() ? stored.textValue() : "dead-letter", manifest);
        if (named == null && stored.isTextual()) {
            throw elsewhere(results, own, manifest);
        }
        requireNoLink(own);
        return new DeadLetterLines(own, null, results);
    }

    /** A path that the user did not name must not be a link. */
    private static void requireNoLink(Path own) {
        if (Files.isSymbolicLink(own)) {
            throw LineReader.unreadable(own, new FileSystemException(own.toString(), null, "it is a symbolic link"));
        }
    }

    private static Failure elsewhere(Path results, Path own, Path document) {
        return new Failure(
                Failure.Kind.USAGE,
                results + " has its dead-letter records in " + own,
                "anyone who can write to " + document + " could have changed that name, so kstage does not use"
                        + " it unconfirmed",
                "confirm them: kstage dead-letter list " + own + ", or kstage verify --dead-letter " + own);
    }

    /** Whether the file is a file of results with a position. */
    public static boolean isFileOfResults(Path file) {
        return Files.exists(positionOf(file));
    }

    /** Whether the directory is a directory of results. */
    public static boolean isDirectoryOfResults(Path directory) {
        return Files.isDirectory(directory.resolve("dead-letter")) || Files.isDirectory(directory.resolve("_kstage"));
    }

    /** Whether the file or directory exists, or results exist whose default dead-letter destination it is. */
    public static boolean canBeAt(Path location) {
        Path parent = location.getParent();
        Path position = positionByName(location);
        return Files.exists(location)
                || (position != null && Files.exists(position))
                || (location.endsWith("dead-letter") && parent != null && isDirectoryOfResults(parent));
    }

    private static Path positionOf(Path results) {
        return results.resolveSibling(results.getFileName() + ".position");
    }

    private static Path beside(Path results) {
        String name = String.valueOf(results.getFileName());
        return results.resolveSibling(
                name.matches(".+\\.jsonl") ? name.replaceFirst("\\.jsonl$", "." + SUFFIX) : name + "-" + SUFFIX);
    }

    /** The position of {@code out.dead-letter.jsonl} is that of {@code out.jsonl}. */
    private static @Nullable Path positionByName(Path file) {
        String name = String.valueOf(file.getFileName());
        for (String start : List.of(".", "-")) {
            if (name.endsWith(start + SUFFIX)) {
                String stem = name.substring(0, name.length() - start.length() - SUFFIX.length());
                return positionOf(file.resolveSibling(stem + (start.equals(".") ? ".jsonl" : "")));
            }
        }
        return null;
    }

    /** The path of the records. */
    public Path path() {
        return location;
    }

    @Override
    public String place() {
        return Files.isDirectory(location) ? location + "/" : location.toString();
    }

    /** Several paths can lead to one destination through links. */
    @Override
    public String identity() {
        try {
            return location.toRealPath() + (Files.isDirectory(location) ? "/" : "");
        } catch (IOException e) {
            // It does not exist yet, or not any more.
            return place();
        }
    }

    @Override
    public void forEach(Consumer<Kept> use) {
        for (Path file : files()) {
            long[] number = {0};
            LineReader.forEach(
                    file,
                    committed(),
                    (line, hasEnd) -> use.accept(deadLetter(line, hasEnd, where(++number[0], file))));
        }
    }

    @Override
    public void forEach(Consumer<Kept> use, Consumer<String> fault) {
        // Read before the files: what an active run adds meanwhile is no error.
        long committed = committed();
        Map<Path, Long> lengths = lengths(committed);
        for (Path file : files()) {
            long[] number = {0};
            LineReader.forEach(file, committed, (line, hasEnd) -> {
                Kept kept;
                try {
                    kept = deadLetter(line, hasEnd, where(++number[0], file));
                } catch (Failure e) {
                    fault.accept(e.what() + ": " + e.why());
                    if (!hasEnd) {
                        // One message per file is enough.
                        lengths.remove(file);
                    }
                    return;
                }
                use.accept(kept);
            });
        }
        lengths.forEach((file, length) -> {
            long size = Math.min(LineReader.size(file), committed);
            if (size != length) {
                fault.accept(file + " is shorter than its committed length: it has " + Text.plural(size, "byte")
                        + " of " + Text.count(length));
            }
        });
    }

    /** The committed length of each file; a file without an entry has no known length. */
    private Map<Path, Long> lengths(long committed) {
        if (segments != null) {
            return CommittedSegments.in(segments).deadLetters();
        }
        return new TreeMap<>(committed == Long.MAX_VALUE ? Map.of() : Map.of(location, committed));
    }

    private static String where(long line, Path file) {
        return "line " + line + " of " + file;
    }

    private List<Path> files() {
        if (!Files.isDirectory(location)) {
            return Files.exists(location) ? List.of(location) : List.of();
        }
        try (Stream<Path> files = Files.list(location)) {
            List<Path> found = files.filter(each -> each.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
            found.forEach(DeadLetterLines::requireRegular);
            return found;
        } catch (IOException e) {
            throw LineReader.unreadable(location, e);
        }
    }

    private static void requireRegular(Path file) {
        try {
            RegularFile.require(file);
        } catch (IOException e) {
            throw LineReader.unreadable(file, e);
        }
    }

    private long committed() {
        return position == null
                ? Long.MAX_VALUE
                : StoredJson.read(position).path("deadLetterLength").asLong(Long.MAX_VALUE);
    }

    private static Kept deadLetter(byte[] line, boolean hasEnd, String where) {
        if (!hasEnd) {
            throw invalid(where, "it does not end with a line feed", null);
        }
        try {
            JsonNode json = MAPPER.readTree(line);
            if (!json.path("topic").isTextual()
                    || !json.path("partition").isIntegralNumber()
                    || !json.path("offset").isIntegralNumber()) {
                throw invalid(where, "it has no topic, partition and offset", null);
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
            throw invalid(where, "it is not JSON", e);
        } catch (IOException e) {
            throw invalid(where, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Parses the headers in a JSON array.
     *
     * @param where its location, for a person
     */
    static List<Header> headers(String array, String where) {
        try {
            return headers(MAPPER.readTree(array));
        } catch (JsonProcessingException e) {
            throw invalid(where, "its headers are not JSON", e);
        } catch (IOException e) {
            throw invalid(where, String.valueOf(e.getMessage()), e);
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

    private static Failure invalid(String where, String why, @Nullable Exception cause) {
        return new Failure(
                Failure.Kind.FAILED,
                where + " is not a dead-letter record",
                why,
                "name the destination of `kstage consume --to`, or its dead-letter records",
                cause);
    }
}
