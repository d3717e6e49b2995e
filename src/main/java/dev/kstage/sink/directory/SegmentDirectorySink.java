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
import dev.kstage.sink.disk.DurableFiles;
import dev.kstage.sink.disk.LineBuffer;
import dev.kstage.sink.disk.SameDirectory;
import dev.kstage.sink.disk.StoredDocument;
import dev.kstage.stage.CommitConflict;
import dev.kstage.stage.Failpoint;
import dev.kstage.stage.Results;
import dev.kstage.stage.RetriableFailure;
import dev.kstage.stage.Sink;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
 * A directory of segments: files of JSON lines that never change. Any number of processes on one file system can
 * write to it. Each partition has a chain of commit records. A segment is written to staging, committed with a hard
 * link to the next name of the chain, and then published by a rename.
 *
 * <p>Each partition is committed separately. If another process took the slot of one partition, the commits of the
 * other partitions stay valid. The sink links all partitions first, publishes the linked ones, and then throws {@link
 * CommitConflict}; {@link #committedPartitions} returns the linked ones.
 */
public final class SegmentDirectorySink implements Sink {
    /** The steps at which a test can halt the process; {@code d} is a lost slot. */
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
     * @param every maximum time that a segment is open
     * @param size maximum size of all open segments together, in bytes
     */
    public record Rolling(Duration every, long size) {}

    private final Path named;
    private final SegmentLayout layout;
    private final Rolling rolling;
    private final Manifest manifest;
    private final LineBuffer buffer = new LineBuffer();
    private final Map<Path, SameDirectory> directories = new LinkedHashMap<>();
    private final Map<Integer, SegmentChain> chains = new HashMap<>();
    private final Map<Integer, Long> ends = new HashMap<>();
    private final Map<Integer, OpenSegment> open = new LinkedHashMap<>();
    private final Set<Integer> partlyCommitted = new HashSet<>();
    private long openBytes;
    private boolean told;

    /**
     * Opens the directory, and creates it if it is missing.
     *
     * @param directory shown in messages as given
     * @param deadLetters another directory for the dead-letter records, on the same file system; null for the stored
     *     one; the default is inside the directory
     * @param group the consumer group of all workers; null for the stored one, or for a new one
     * @param origin the topic
     * @param partitions the number of partitions of the topic
     * @param beforeCreation may reject a directory before kstage creates its metadata
     * @throws Failure if the directory can't be written, was not created by kstage, or belongs to another topic or
     *     group
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
            hold(layout.directories());
        } catch (IOException e) {
            throw failure("cannot open " + named, e);
        }
    }

    /** The consumer group of all workers of the directory. */
    public String group() {
        return manifest.group();
    }

    /** The id of this sink, unique among all sinks. */
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
            requireSameDirectories();
            Map<Integer, Position> claimed = new HashMap<>();
            for (int partition : partitions) {
                layout.createPartition(partition);
                hold(layout.directories(partition));
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

    /** From now on these have to stay the directories that they are. */
    private void hold(List<Path> more) throws IOException {
        for (Path each : more) {
            if (!directories.containsKey(each)) {
                directories.put(each, SameDirectory.at(each));
            }
        }
    }

    /** Asked before each step that writes by name. */
    private void requireSameDirectories() throws IOException {
        Path letters = layout.deadLetters();
        if (!directories.containsKey(letters) && Files.exists(letters, LinkOption.NOFOLLOW_LINKS)) {
            if (layout.hasDeadLettersWithin()) {
                // It is there, and this refuses a link.
                DurableFiles.createDirectory(letters);
            }
            hold(List.of(letters));
        }
        for (SameDirectory each : directories.values()) {
            each.require();
        }
    }

    private boolean areSameDirectories() {
        try {
            requireSameDirectories();
            return true;
        } catch (IOException | Failure e) {
            // Whoever writes next is told.
            return false;
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
            requireSameDirectories();
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
            for (DeadLetter deadLetter : results.deadLetters()) {
                StagedFile file = segment(deadLetter.record().partition()).deadLetters();
                buffer.addLine(DeadLetterLine.of(layout.topic(), deadLetter));
                flush(file, 1);
            }
        } catch (IOException e) {
            throw notStored(e);
        }
    }

    /** Records are grouped by partition, so one buffer is enough. */
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

    private OpenSegment segment(int partition) throws IOException {
        OpenSegment segment = open.get(partition);
        if (segment == null) {
            requireSameDirectories();
            segment = new OpenSegment(layout, partition, end(partition));
            open.put(partition, segment);
        }
        return segment;
    }

    private long end(int partition) {
        return Objects.requireNonNull(ends.get(partition), "only assigned partitions are written");
    }

    @Override
    public void commit(Positions to) {
        partlyCommitted.clear();
        boolean lost;
        try {
            requireSameDirectories();
            Map<CommitRecord, OpenSegment> drafts = draft(to);
            requireSameDirectories();
            List<CommitRecord> won = link(drafts);
            lost = won.size() < drafts.size();
            // These partitions are committed, whatever fails later.
            won.forEach(each -> partlyCommitted.add(each.partition()));
            requireSameDirectories();
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
            // A newer leader epoch at the same offset is nothing to store.
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

    /** Steps (c), the commit, (d) and (e) for each partition; returns the committed ones. */
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

    /** Step (f) for each committed partition. */
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

    /** Step (g) is in the caller: it is complete when this method is called again after a commit. */
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
            boolean mayDelete = areSameDirectories();
            for (OpenSegment each : open.values()) {
                if (mayDelete) {
                    each.drop();
                } else {
                    each.release();
                }
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
