package dev.kstage.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A directory of segments, as a user sees it who knows no more than how they are named. */
record DirectoryStore(Path room) implements StoreUnderTest {
    private static final Pattern NAME = Pattern.compile(".*-p(\\d+)-(\\d{20})-(\\d{20})\\.jsonl");

    @Override
    public String place() {
        return out() + "/";
    }

    @Override
    public List<String> options() {
        return List.of("--roll-every", "200ms");
    }

    private Path out() {
        return room.resolve("out");
    }

    @Override
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Path segment : segments(out())) {
            Matcher name = NAME.matcher(segment.getFileName().toString());
            if (!name.matches()) {
                throw new AssertionError("not a segment: " + segment);
            }
            long from = Long.parseLong(name.group(2));
            List<String> lines = LinesStore.lines(segment);
            boolean isDense = Long.parseLong(name.group(3)) - from == lines.size();
            for (int i = 0; i < lines.size(); i++) {
                rows.add(new Row(Integer.parseInt(name.group(1)), isDense ? from + i : UNKNOWN, lines.get(i)));
            }
        }
        return rows;
    }

    @Override
    public List<DeadRow> deadLetters() {
        return segments(out().resolve("dead-letter")).stream()
                .flatMap(segment -> LinesStore.deadLetters(segment).stream())
                .toList();
    }

    /** By name: partition by partition, and in each by offset. */
    private static List<Path> segments(Path directory) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
