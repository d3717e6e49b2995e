package dev.kstage.verify.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commit records of a directory of segments: of each partition, those before the first whose files are not
 * published.
 *
 * @param positions the next offset of each partition
 * @param results the length of each file of results, in bytes
 * @param deadLetters the length of each file of dead-letter records, in bytes
 */
record CommittedSegments(Positions positions, Map<Path, Long> results, Map<Path, Long> deadLetters) {
    private static final Pattern PARTITION = Pattern.compile("p(\\d{1,9})");

    /**
     * Reads the current commit records.
     *
     * @throws dev.kstage.report.Failure if one can't be read
     */
    static CommittedSegments in(Path directory) {
        Path control = directory.resolve("_kstage");
        Map<Integer, Position> positions = new HashMap<>();
        Map<Path, Long> results = new TreeMap<>();
        Map<Path, Long> deadLetters = new TreeMap<>();
        for (Path chain : entries(control)) {
            Matcher name = PARTITION.matcher(String.valueOf(chain.getFileName()));
            JsonNode partitionStart = name.matches() ? StoredJson.read(chain.resolve("start.json")) : null;
            if (partitionStart != null && StoredJson.isOffset(partitionStart.path("first"))) {
                long end = partitionStart.path("first").longValue();
                JsonNode commit = next(directory, chain, end);
                while (!commit.isMissingNode()) {
                    keep(directory, commit.path("results"), results);
                    keep(directory, commit.path("deadLetters"), deadLetters);
                    end = commit.path("to").longValue();
                    commit = next(directory, chain, end);
                }
                positions.put(Integer.valueOf(name.group(1)), Position.at(end));
            }
        }
        return new CommittedSegments(Positions.of(positions), results, deadLetters);
    }

    /** The commit record at this offset; a missing node if there is none that is published. */
    private static JsonNode next(Path directory, Path chain, long from) {
        Path file = chain.resolve(String.format(Locale.ROOT, "%020d.json", from));
        JsonNode commit = StoredJson.read(file);
        for (String kind : List.of("results", "deadLetters")) {
            JsonNode named = commit.path(kind).path("file");
            if (named.isTextual()) {
                var unused = StoredJson.resolve(directory, named.textValue(), file);
            }
        }
        Path staging = directory.resolve("_kstage/staging").resolve(String.valueOf(chain.getFileName()));
        return commit.path("to").asLong(from) <= from || isStillStaged(directory, commit, staging)
                ? commit.path("none")
                : commit;
    }

    private static void keep(Path directory, JsonNode segment, Map<Path, Long> lengths) {
        if (segment.path("file").isTextual() && segment.path("bytes").isIntegralNumber()) {
            lengths.put(
                    directory.resolve(segment.path("file").textValue()).normalize(),
                    segment.path("bytes").longValue());
        }
    }

    /** Whether a run was killed between a commit and the publication of its files; the next run publishes them. */
    private static boolean isStillStaged(Path directory, JsonNode commit, Path staging) {
        for (String kind : List.of("results", "deadLetters")) {
            JsonNode file = commit.path(kind).path("file");
            if (file.isTextual() && !Files.exists(directory.resolve(file.textValue()))) {
                String prefix = String.format(
                        Locale.ROOT,
                        "%020d-%020d-%s",
                        commit.path("from").asLong(),
                        commit.path("to").asLong(),
                        commit.path("writer").asText());
                return entries(staging).stream()
                        .anyMatch(each -> String.valueOf(each.getFileName()).startsWith(prefix));
            }
        }
        return false;
    }

    /** The files of a directory, in no order; none if it does not exist. */
    static List<Path> entries(Path directory) {
        List<Path> entries = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
                stream.forEach(entries::add);
            } catch (IOException e) {
                throw LineReader.unreadable(directory, e);
            }
        }
        return entries;
    }
}
