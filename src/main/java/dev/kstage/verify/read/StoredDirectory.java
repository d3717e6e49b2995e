package dev.kstage.verify.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kstage.record.Bytes;
import dev.kstage.record.Origin;
import dev.kstage.record.Record;
import dev.kstage.record.StoredRow;
import dev.kstage.record.StoredRows;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a directory of segments: every line of every published file, by partition and offset. The stored offsets come
 * from the chain of commit records, up to the first whose segment is not published.
 */
public final class StoredDirectory implements StoredRows {
    private static final Pattern SEGMENT = Pattern.compile(".+-p(\\d{1,9})-(\\d{20})-(\\d{20})\\.jsonl");

    private final Path directory;
    // The committed length of each file.
    private final Map<Path, Long> lengths;
    private final Reached reached;

    private record Segment(Path file, int partition, String from) {}

    /**
     * Reads the committed state of the directory.
     *
     * @throws Failure if the directory does not exist, or its chain can't be read
     */
    public StoredDirectory(Path directory) {
        this.directory = directory;
        if (!Files.isDirectory(directory)) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    "cannot read " + directory + "/",
                    "there is no such directory",
                    "name an existing directory");
        }
        CommittedSegments committed = CommittedSegments.in(directory);
        JsonNode manifest = StoredJson.read(directory.resolve("_kstage/manifest.json"));
        this.lengths = committed.results();
        this.reached = new Reached(origin(manifest), committed.positions(), 0);
    }

    @Override
    public Reached reached() {
        return reached;
    }

    private static @Nullable Origin origin(JsonNode manifest) {
        return manifest.path("topic").isTextual() && manifest.path("topicId").isTextual()
                ? new Origin(
                        manifest.path("topic").textValue(),
                        manifest.path("topicId").textValue())
                : null;
    }

    @Override
    public void forEach(Consumer<StoredRow> use, Consumer<String> faults) {
        for (Segment segment : segments(directory)) {
            if (!Files.isRegularFile(segment.file(), LinkOption.NOFOLLOW_LINKS)) {
                faults.accept(segment.file().getFileName() + " is not a regular file");
                continue;
            }
            String in = segment.file().getFileName() + ", line";
            long[] number = {0};
            long[] size = {0};
            boolean[] isTorn = {false};
            LineReader.forEach(segment.file(), Long.MAX_VALUE, (line, hasEnd) -> {
                isTorn[0] = !hasEnd;
                size[0] += line.length + (hasEnd ? 1 : 0);
                use.accept(new StoredRow(segment.partition(), in, ++number[0], Bytes.of(line)));
            });
            long length = lengths.getOrDefault(segment.file().normalize(), size[0]);
            if (isTorn[0] || size[0] != length) {
                faults.accept(segment.file().getFileName()
                        + (isTorn[0] ? " ends within a line" : " was changed")
                        + (size[0] == length
                                ? ""
                                : ": it has " + Text.plural(size[0], "byte") + ", and " + Text.count(length)
                                        + " were committed"));
            }
        }
    }

    private static List<Segment> segments(Path directory) {
        List<Segment> segments = new ArrayList<>();
        for (Path file : CommittedSegments.entries(directory)) {
            String name = String.valueOf(file.getFileName());
            Matcher matcher = SEGMENT.matcher(name);
            if (matcher.matches()) {
                segments.add(new Segment(file, Integer.parseInt(matcher.group(1)), matcher.group(2)));
            } else if (name.endsWith(".jsonl")) {
                // Files of other programs count too, because readers of the directory see them.
                segments.add(new Segment(file, Record.UNSET, name));
            }
        }
        segments.sort(Comparator.comparingInt(Segment::partition).thenComparing(Segment::from));
        return segments;
    }
}
