package dev.kstage.installed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A directory of segments, read and checked by its documented layout alone, with no code of the sink:
 * the chain of each partition has no gap, its files are what the records say, and no other file is there.
 */
public final class SegmentsOnDisk {
    private final Path root;
    private final SortedMap<Integer, List<String>> values = new TreeMap<>();
    private final SortedMap<Integer, List<String>> deadLetters = new TreeMap<>();
    private final SortedMap<Integer, List<Long>> bounds = new TreeMap<>();
    private final TreeSet<String> known = new TreeSet<>();

    private SegmentsOnDisk(Path root) {
        this.root = root;
    }

    /** Reads a directory, and fails if anything in it is not as it should be. */
    public static SegmentsOnDisk checked(Path root) {
        SegmentsOnDisk directory = new SegmentsOnDisk(root);
        try {
            directory.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory;
    }

    private void read() throws IOException {
        try (Stream<Path> chains = Files.list(root.resolve("_kstage"))) {
            for (Path chain : chains.filter(each -> name(each).matches("p\\d+")).toList()) {
                readChain(Integer.parseInt(name(chain).substring(1)), chain);
            }
        }
        TreeSet<String> there = new TreeSet<>();
        for (Path directory : List.of(root, root.resolve("dead-letter"))) {
            if (Files.isDirectory(directory)) {
                try (Stream<Path> files = Files.list(directory)) {
                    files.filter(Files::isRegularFile)
                            .forEach(each -> there.add(root.relativize(each).toString()));
                }
            }
        }
        if (!there.equals(known)) {
            throw new AssertionError("in view: " + there + "\ncommitted: " + known);
        }
    }

    private void readChain(int partition, Path chain) throws IOException {
        values.put(partition, new ArrayList<>());
        deadLetters.put(partition, new ArrayList<>());
        if (!Files.exists(chain.resolve("start.json"))) {
            return;
        }
        long next = json(chain.resolve("start.json")).get("first").asLong();
        List<Long> chained = new ArrayList<>(List.of(next));
        int records = 0;
        Path record = chain.resolve(String.format("%020d.json", next));
        while (Files.exists(record)) {
            JsonNode commit = json(record);
            records++;
            if (commit.get("from").asLong() != next || commit.get("to").asLong() <= next) {
                throw new AssertionError(record + ": " + commit);
            }
            next = commit.get("to").asLong();
            chained.add(next);
            readSegment(commit.get("results"), values.get(partition));
            readSegment(commit.get("deadLetters"), deadLetters.get(partition));
            record = chain.resolve(String.format("%020d.json", next));
        }
        bounds.put(partition, chained);
        try (Stream<Path> all = Files.list(chain)) {
            long there =
                    all.filter(each -> name(each).matches("\\d{20}\\.json")).count();
            if (there != records) {
                throw new AssertionError(there + " records in " + chain + ", " + records + " of them chained");
            }
        }
    }

    private void readSegment(JsonNode segment, Collection<String> into) throws IOException {
        if (segment.isNull()) {
            return;
        }
        String file = segment.get("file").asText();
        byte[] content = Files.readAllBytes(root.resolve(file));
        List<String> lines = Installation.linesOf(root.resolve(file));
        if (!known.add(file)
                || lines.size() != segment.get("lines").asLong()
                || content.length != segment.get("bytes").asLong()
                || !sha256(content).equals(segment.get("sha256").asText())) {
            throw new AssertionError(file + " is not what its record says: " + segment);
        }
        into.addAll(lines);
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(Path file) throws IOException {
        return Outcome.json(Files.readString(file, StandardCharsets.UTF_8));
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** The stored values of each partition, in the order of its chain. */
    public Map<Integer, List<String>> values() {
        return values;
    }

    /** The dead letters of each partition, in the order of its chain. */
    public Map<Integer, List<String>> deadLetters() {
        return deadLetters;
    }

    /** Where the commits of each partition begin and, last, where its chain ends. */
    public Map<Integer, List<Long>> bounds() {
        return bounds;
    }

    /** The number of values of all partitions. */
    public int size() {
        return values.values().stream().mapToInt(List::size).sum();
    }
}
