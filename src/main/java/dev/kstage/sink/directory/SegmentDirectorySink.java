package dev.kstage.sink.directory;

import dev.kstage.format.DeadLetterLine;
import dev.kstage.record.DeadLetter;
import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import dev.kstage.sink.disk.DiskFull;
import dev.kstage.sink.disk.LineBuffer;
import dev.kstage.sink.disk.StoredDocument;
import dev.kstage.stage.CommitConflict;
import dev.kstage.stage.Failpoint;
import dev.kstage.stage.Results;
import dev.kstage.stage.RetriableFailure;
import dev.kstage.stage.Sink;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory of segments, files of JSON lines that never change, which any number of processes on one
 * file system may fill. Each partition has a chain of commit records; a segment is written in staging,
 * committed by linking a record to the one name that comes next in the chain, and then renamed into view.
 *
 * <p>Each partition is committed by itself. If a slot was lost to another process, those of the other
 * partitions that were won stay so: all are linked first, the won ones are brought into view, and {@link
 * #committedPartitions} tells which they were, before the race counts as lost.
 */
public final class SegmentDirectorySink implements Sink {
    /** The steps at which a test can stop it; {@code d} is a race that was lost. */
    public static final List<String> FAILPOINTS = List.of(
            "directory.begin",
            "directory.a",
            "directory.b",
            "directory.c",
            "directory.d",
            "directory.e",
            "directory.f",
            "directory.g");

    private static final int WRITE_AT = 1 << 16;

    /**
     * When a segment ends.
     *
     * @param every after this long
     * @param size once all that are open have this many bytes together
     */
    public record Rolling(Duration every, long size) {}

    private final Path named;
    private final SegmentLayout layout;
    private final Rolling rolling;
    private final Manifest manifest;
    private final LineBuffer buffer = new LineBuffer();
    private final Map<Integer, SegmentChain> chains = new HashMap<>();
    private final Map<Integer, Long> ends = new HashMap<>();
    private final Map<Integer, OpenSegment> open = new LinkedHashMap<>();
    private final Set<Integer> partlyCommitted = new HashSet<>();
    private long openBytes;
    private boolean told;

    /**
     * Opens the directory, and creates it if it is missing.
     *
     * @param directory its name is kept as given in messages
     * @param deadLetters another directory for the dead letters, on the same file system; null for the one
     *     that it has, at first one within it
     * @param group the consumer group of all who share the directory; null for the one that it has, or for
     *     one of its own
     * @param origin the topic
     * @param partitions how many partitions the topic has
     * @param beforeCreation may refuse a directory that is about to be made one of kstage's
     * @throws Failure if it can't be written, is not one of kstage's, or is of another topic or group
     */
    public SegmentDirectorySink(
            Path directory,
            @Nullable Path deadLetters,
            @Nullable String group,
            Origin origin,
            int partitions,
            Rolling rolling,
            Runnable beforeCreation) {
        this.named = directory;
        this.rolling = rolling;
        Path root = directory.toAbsolutePath().normalize();
        SegmentLayout wanted = new SegmentLayout(
                root,
                deadLetters == null
                        ? SegmentLayout.deadLettersWithin(root)
                        : deadLetters.toAbsolutePath().normalize(),
                origin.name());
        try {
            manifest = new SegmentDirectoryInitializer(wanted, deadLetters != null)
                    .prepare(origin, partitions, group, beforeCreation);
            layout = wanted.withDeadLetters(manifest.deadLettersOf(root));
        } catch (IOException e) {
            throw failure("cannot open " + named, e);
        }
    }

    /** The consumer group of all who share the directory. */
    public String group() {
        return manifest.group();
    }

    /** What tells this directory from every other sink. */
    public String sinkId() {
        return manifest.sinkId();
    }

    @Override
    public int open(Origin origin, int partitions) {
        manifest.refuse(layout.root(), origin);
        return manifest.partitions();
    }

    @Override
    public Positions takeOver(Set<Integer> partitions) {
        try {
            refuseAnother();
            Map<Integer, Position> claimed = new HashMap<>();
            for (int partition : partitions) {
                Position end = chain(partition).claim();
                if (end != null) {
                    ends.put(partition, end.next());
                    claimed.put(partition, end);
                }
            }
            return Positions.of(claimed);
        } catch (IOException e) {
            throw notStored(e);
        }
    }

    private void refuseAnother() {
        if (!manifest.equals(StoredDocument.read(layout.manifest(), Manifest.class))) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    named + " is not the directory that this run started with",
                    "it was deleted or replaced during the run",
                    "run the same command again to store in the directory that exists now");
        }
    }

    private SegmentChain chain(int partition) {
        return chains.computeIfAbsent(partition, number -> new SegmentChain(layout, manifest, number));
    }

    @Override
    public void initializeOffsets(Positions starts) {
        try {
            for (Map.Entry<Integer, Position> each : starts.byPartition().entrySet()) {
                chain(each.getKey()).begin(each.getValue());
                ends.put(each.getKey(), each.getValue().next());
                Failpoint.reach("directory.begin");
            }
        } catch (IOException e) {
            throw notStored(e);
        }
    }

    @Override
    public void write(Results results) {
        reachLastStep();
        try {
            writeValues(results.records());
            for (DeadLetter letter : results.deadLetters()) {
                StagedFile file = segment(letter.record().partition()).deadLetters();
                buffer.addLine(DeadLetterLine.of(layout.topic(), letter));
                flush(file, 1);
            }
        } catch (IOException e) {
            throw notStored(e);
        }
    }

    /** Records come partition by partition, so one buffer does for all. */
    private void writeValues(List<Record> records) throws IOException {
        int partition = Record.UNSET;
        long lines = 0;
        for (Record record : records) {
            if (lines > 0 && (record.partition() != partition || buffer.length() >= WRITE_AT)) {
                flush(segment(partition).results(), lines);
                lines = 0;
            }
            partition = record.partition();
            buffer.addLine(Objects.requireNonNull(record.value(), "every stored value has been checked"));
            lines++;
        }
        if (lines > 0) {
            flush(segment(partition).results(), lines);
        }
    }

    private void flush(StagedFile file, long lines) throws IOException {
        openBytes += buffer.length();
        file.add(buffer, lines);
    }

    private OpenSegment segment(int partition) {
        return open.computeIfAbsent(partition, number -> new OpenSegment(layout, number, end(number)));
    }

    private long end(int partition) {
        return Objects.requireNonNull(ends.get(partition), "only assigned partitions are written");
    }

    @Override
    public void commit(Positions to) {
        partlyCommitted.clear();
        boolean lost;
        try {
            Map<CommitRecord, OpenSegment> drafts = draft(to);
            List<CommitRecord> won = link(drafts);
            lost = won.size() < drafts.size();
            // Whatever may still go wrong, these are stored.
            won.forEach(each -> partlyCommitted.add(each.partition()));
            publish(won);
        } catch (NoSuchFileException e) {
            throw new CommitConflict("another process has deleted the staged files of " + named, e);
        } catch (IOException e) {
            throw notStored(e);
        }
        if (lost) {
            throw new CommitConflict("another process has committed to " + named);
        }
        partlyCommitted.clear();
        openBytes = 0;
        told = true;
    }

    /** Steps (a) and (b) for each partition; nothing is committed after them. */
    private Map<CommitRecord, OpenSegment> draft(Positions to) throws IOException {
        Map<CommitRecord, OpenSegment> drafts = new LinkedHashMap<>();
        for (Map.Entry<Integer, Position> each : to.byPartition().entrySet()) {
            // The same offset under a newer epoch of its leader is nothing to store.
            if (each.getValue().next() > end(each.getKey())) {
                OpenSegment segment = segment(each.getKey());
                drafts.put(segment.seal(each.getValue()), segment);
                Failpoint.reach("directory.a");
            }
        }
        for (Map.Entry<CommitRecord, OpenSegment> each : drafts.entrySet()) {
            each.getValue().draft(each.getKey());
            Failpoint.reach("directory.b");
        }
        return drafts;
    }

    /** Steps (c), the commit, (d) and (e) for each partition; gives those that are committed. */
    private List<CommitRecord> link(Map<CommitRecord, OpenSegment> drafts) throws IOException {
        List<CommitRecord> won = new ArrayList<>();
        for (Map.Entry<CommitRecord, OpenSegment> each : drafts.entrySet()) {
            CommitRecord draft = each.getKey();
            each.getValue().tried();
            if (chain(draft.partition()).link(draft)) {
                won.add(draft);
                partlyCommitted.add(draft.partition());
                ends.put(draft.partition(), draft.to());
                open.remove(draft.partition());
                Failpoint.reach("directory.c");
            } else {
                open.remove(draft.partition());
                each.getValue().delete();
                Failpoint.reach("directory.d");
            }
        }
        for (CommitRecord each : won) {
            chain(each.partition()).sync();
            Failpoint.reach("directory.e");
        }
        return won;
    }

    /** Step (f) for each partition that is committed. */
    private void publish(List<CommitRecord> committed) throws IOException {
        for (CommitRecord each : committed) {
            chain(each.partition()).bringIntoView(each);
            Failpoint.reach("directory.f");
        }
        if (!committed.isEmpty()) {
            chain(committed.get(0).partition()).syncView(committed);
        }
        for (CommitRecord each : committed) {
            chain(each.partition()).markPublished(each);
        }
    }

    @Override
    public Set<Integer> committedPartitions() {
        return Set.copyOf(partlyCommitted);
    }

    /** Step (g) is the caller's: it is done once this is called again after a commit. */
    private void reachLastStep() {
        if (told) {
            told = false;
            Failpoint.reach("directory.g");
        }
    }

    @Override
    public void abort() {
        partlyCommitted.clear();
        openBytes = 0;
        buffer.clear();
        try {
            for (OpenSegment each : open.values()) {
                each.drop();
            }
        } catch (IOException e) {
            throw failure("cannot write " + named, e);
        } finally {
            open.clear();
        }
    }

    @Override
    public boolean isCommitDue(Duration sinceCommit) {
        return openBytes >= rolling.size() || sinceCommit.compareTo(rolling.every()) >= 0;
    }

    @Override
    public void flush() {
        reachLastStep();
    }

    @Override
    public void close() {
        abort();
    }

    private RuntimeException notStored(IOException e) {
        Failure failure = failure("cannot write " + named, e);
        return DiskFull.is(e) ? new RetriableFailure(failure, DiskFull.PATIENCE) : failure;
    }

    private static Failure failure(String what, IOException e) {
        if (e instanceof AccessDeniedException) {
            return new Failure(
                    Failure.Kind.FAILED,
                    what,
                    "permission denied: " + e.getMessage(),
                    "choose a directory that you may write to",
                    e);
        }
        if (String.valueOf(e.getMessage()).contains("Read-only file system")) {
            return new Failure(
                    Failure.Kind.FAILED,
                    what,
                    "its file system is read-only",
                    "choose a directory that you may write to",
                    e);
        }
        return new Failure(
                Failure.Kind.FAILED,
                what,
                FileFault.of(e),
                "fix this, then run the same command again; it continues after the last commit, and nothing is lost",
                e);
    }
}
