package dev.kstage.sink.directory;

import dev.kstage.record.Position;
import dev.kstage.report.Failure;
import dev.kstage.report.RegularFile;
import dev.kstage.sink.disk.DurableFiles;
import dev.kstage.sink.disk.StoredDocument;
import dev.kstage.stage.CommitConflict;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The commit records of one partition. Each one names the next by its {@code to}, and each name is linked only once.
 * So there is one chain, and every end that a process knows is or was its end.
 *
 * <p>The {@code PUBLISHED} watermark is an empty file with the name {@code <from>-<to>}. It names the last commit
 * record up to which all files are published; the highest watermark counts. So it can't be torn, and a paused process
 * can't move it back. A walk of the chain starts there, so it is short. Files before it may have been moved away.
 */
final class SegmentChain {
    // Offsets have 20 digits in names.
    private static final int DIGITS = 20;

    private final SegmentLayout layout;
    private final Manifest manifest;
    private final int partition;

    SegmentChain(SegmentLayout layout, Manifest manifest, int partition) {
        this.layout = layout;
        this.manifest = manifest;
        this.partition = partition;
    }

    /**
     * Walks to the end of the chain, publishes committed files that are still staged, and deletes staged files of
     * lost slots.
     *
     * @return the position at the end, or null if there is no chain yet
     */
    @Nullable
    Position claim() throws IOException {
        layout.createPartition(partition);
        PartitionStart partitionStart = partitionStart();
        if (partitionStart == null) {
            return null;
        }
        CommitRecord start = published();
        Position end = start == null ? partitionStart.position() : start.position();
        List<CommitRecord> unpublished = new ArrayList<>();
        CommitRecord last = start;
        for (CommitRecord next = record(end.next()); next != null; next = record(end.next())) {
            end = next.position();
            last = next;
            if (next.results() != null || next.deadLetters() != null) {
                unpublished.add(next);
            }
        }
        for (CommitRecord each : unpublished) {
            bringIntoView(each, true);
        }
        if (last != null && !last.equals(start)) {
            if (!unpublished.isEmpty()) {
                syncView(unpublished);
            }
            markPublished(last);
        }
        deleteStagedBefore(end.next());
        return end;
    }

    private @Nullable PartitionStart partitionStart() {
        Path file = layout.partitionStart(partition);
        PartitionStart partitionStart = StoredDocument.read(file, PartitionStart.class);
        if (partitionStart != null
                && (partitionStart.partition() != partition
                        || !partitionStart.sinkId().equals(manifest.sinkId())
                        || !partitionStart.topicId().equals(manifest.topicId()))) {
            throw StoredDocument.unreadable(file, "it belongs to another directory or partition");
        }
        return partitionStart;
    }

    private @Nullable CommitRecord record(long from) {
        Path file = layout.record(partition, from);
        CommitRecord record = StoredDocument.read(file, CommitRecord.class);
        if (record != null && (record.from() != from || record.partition() != partition)) {
            throw StoredDocument.unreadable(file, "it belongs to another partition or offset");
        }
        if (record != null && !layout.isNamedRightly(record)) {
            throw StoredDocument.unreadable(file, "its file names do not match its offsets");
        }
        return record;
    }

    /** The last commit record up to which all files are known to be published. */
    private @Nullable CommitRecord published() throws IOException {
        String highest = highestPublished();
        if (highest == null) {
            return null;
        }
        CommitRecord record = record(offset(highest));
        if (record == null || !name(record).equals(highest)) {
            throw StoredDocument.unreadable(
                    layout.published(partition).resolve(highest),
                    "there is no commit record in " + layout.chain(partition) + " for this segment");
        }
        return record;
    }

    private @Nullable String highestPublished() throws IOException {
        String highest = null;
        try (DirectoryStream<Path> names = Files.newDirectoryStream(layout.published(partition))) {
            for (Path each : names) {
                String name = String.valueOf(each.getFileName());
                if (isRange(name) && (highest == null || name.compareTo(highest) > 0)) {
                    highest = name;
                }
            }
        }
        return highest;
    }

    /** Whether a name consists of two offsets. */
    private static boolean isRange(String name) {
        return name.length() == 2 * DIGITS + 1
                && name.charAt(DIGITS) == '-'
                && offset(name) >= 0
                && offset(name.substring(DIGITS + 1)) >= 0;
    }

    /** The offset at the start of a name, or -1 if there is none. */
    private static long offset(String name) {
        try {
            String digits = name.substring(0, Math.min(DIGITS, name.length()));
            return digits.length() == DIGITS && digits.chars().allMatch(each -> each >= '0' && each <= '9')
                    ? Long.parseLong(digits)
                    : -1;
        } catch (NumberFormatException e) {
            // Larger than any offset.
            return -1;
        }
    }

    private static String name(CommitRecord record) {
        return SegmentLayout.number(record.from()) + "-" + SegmentLayout.number(record.to());
    }

    /**
     * Starts the chain, unless it has started.
     *
     * @throws CommitConflict if another process started it at another offset
     */
    void begin(Position first) throws IOException {
        PartitionStart mine = PartitionStart.of(manifest, partition, first);
        Path draft = layout.staging().resolve("start-p" + partition + "-" + UUID.randomUUID());
        DurableFiles.write(draft, mine.bytes());
        try {
            DurableFiles.linkOnce(layout.partitionStart(partition), draft);
            DurableFiles.syncDirectory(layout.chain(partition));
        } finally {
            Files.deleteIfExists(draft);
        }
        PartitionStart theirs = partitionStart();
        if (theirs == null || theirs.first() != mine.first()) {
            throw new CommitConflict("another process has started partition " + partition + " at another offset");
        }
    }

    /**
     * Links a drafted record to its slot (steps c and d).
     *
     * @return true if it is linked, false if another record has the slot
     */
    boolean link(CommitRecord drafted) throws IOException {
        Path slot = layout.record(partition, drafted.from());
        try {
            if (DurableFiles.linkOnce(slot, layout.staged(drafted, SegmentLayout.RECORD))) {
                return true;
            }
        } catch (NoSuchFileException e) {
            // Only commit records of taken slots are deleted.
            return false;
        }
        CommitRecord there = record(drafted.from());
        // A remote file system may have created the link and lost the response.
        return there != null && there.writer().equals(drafted.writer());
    }

    /** Makes the link durable (step e). */
    void sync() throws IOException {
        DurableFiles.syncDirectory(layout.chain(partition));
    }

    /**
     * Publishes the files of a committed record: renames them from staging to the place that readers see (step f).
     */
    void bringIntoView(CommitRecord record) throws IOException {
        bringIntoView(record, false);
    }

    /** @param isFound whether the record was found in the chain, so that its files may differ from what it says */
    private void bringIntoView(CommitRecord record, boolean isFound) throws IOException {
        if (record.results() != null) {
            bringIntoView(record, record.results(), SegmentLayout.RESULTS, isFound);
        }
        if (record.deadLetters() != null) {
            if (layout.hasDeadLettersWithin() || !Files.isDirectory(layout.deadLetters())) {
                DurableFiles.createDirectory(layout.deadLetters());
            }
            bringIntoView(record, record.deadLetters(), SegmentLayout.DEAD_LETTERS, isFound);
        }
    }

    private void bringIntoView(CommitRecord record, CommitRecord.Segment segment, String kind, boolean isFound)
            throws IOException {
        Path inView = layout.inView(segment);
        Path staged = layout.staged(record, kind);
        try {
            refuseTorn(staged, segment);
            if (isFound) {
                refuseOther(staged, segment);
            }
            Files.move(staged, inView, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            // Another process was faster, and somebody may already have moved the file away.
            if (Files.exists(inView)) {
                refuseTorn(inView, segment);
            } else if (!isPublished(record)) {
                throw lost(record, inView);
            }
        }
    }

    private static void refuseTorn(Path file, CommitRecord.Segment segment) throws IOException {
        RegularFile.require(file);
        if (Files.size(file) != segment.bytes()) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    file + " has changed since it was committed",
                    "it has " + Files.size(file) + " bytes, and its commit record says " + segment.bytes(),
                    "restore that file; or store in another directory, which reads the topic from its start");
        }
    }

    private static void refuseOther(Path file, CommitRecord.Segment segment) throws IOException {
        if (!StagedFile.sha256(file).equals(segment.sha256())) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    file + " has changed since it was committed",
                    "its SHA-256 differs from its commit record",
                    "restore that file; or store in another directory, which reads the topic from its start");
        }
    }

    private boolean isPublished(CommitRecord record) throws IOException {
        String highest = highestPublished();
        return highest != null && highest.compareTo(name(record)) >= 0;
    }

    private Failure lost(CommitRecord record, Path inView) {
        return new Failure(
                Failure.Kind.FAILED,
                inView + " is missing",
                "it was committed, and its staged file in " + layout.staging(partition) + " is missing too",
                "restore it; if you moved it away on purpose, create the empty file "
                        + layout.published(partition).resolve(name(record)));
    }

    /** Makes the names of published files durable. */
    void syncView(List<CommitRecord> records) throws IOException {
        if (records.stream().anyMatch(each -> each.results() != null)) {
            DurableFiles.syncDirectory(layout.root());
        }
        for (CommitRecord each : records) {
            Path directory = each.deadLetters() == null
                    ? null
                    : layout.inView(each.deadLetters()).getParent();
            if (directory != null && Files.isDirectory(directory)) {
                DurableFiles.syncDirectory(directory);
            }
        }
    }

    /** Moves the watermark after a record and all before it are durably published. */
    void markPublished(CommitRecord record) throws IOException {
        Path directory = layout.published(partition);
        List<Path> before = new ArrayList<>();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
            names.forEach(before::add);
        }
        Path mark = directory.resolve(name(record));
        try {
            Files.createFile(mark);
        } catch (FileAlreadyExistsException e) {
            // Another process may have linked it without syncing it.
            before.remove(mark);
        }
        DurableFiles.syncDirectory(directory);
        Files.deleteIfExists(layout.staged(record, SegmentLayout.RECORD));
        // The previous watermark stays, so that a reader of the directory finds one of the two.
        before.sort(null);
        for (int each = 0; each < before.size() - 1; each++) {
            if (before.get(each).compareTo(mark) < 0) {
                Files.deleteIfExists(before.get(each));
            }
        }
    }

    /** Deletes staged files of slots that another commit took. */
    private void deleteStagedBefore(long end) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(layout.staging(partition))) {
            for (Path each : files) {
                String name = String.valueOf(each.getFileName());
                if (name.startsWith("-", DIGITS) && offset(name) >= 0 && offset(name) < end) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }
}
