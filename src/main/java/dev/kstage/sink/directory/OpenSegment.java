package dev.kstage.sink.directory;

import dev.kstage.record.Position;
import dev.kstage.sink.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The uncommitted records of one partition, in staging. */
final class OpenSegment {
    private final SegmentLayout layout;
    private final int partition;
    private final long from;
    // A new one for each batch, so that no two batches write to the same file name.
    private final String writer = ProcessHandle.current().pid() + "-"
            + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    private @Nullable StagedFile results;
    private @Nullable StagedFile deadLetters;
    private @Nullable CommitRecord record;
    private boolean tried;

    OpenSegment(SegmentLayout layout, int partition, long from) {
        this.layout = layout;
        this.partition = partition;
        this.from = from;
    }

    int partition() {
        return partition;
    }

    StagedFile results() throws IOException {
        StagedFile open = results;
        if (open == null) {
            open = open(SegmentLayout.RESULTS);
            results = open;
        }
        return open;
    }

    StagedFile deadLetters() throws IOException {
        StagedFile open = deadLetters;
        if (open == null) {
            open = open(SegmentLayout.DEAD_LETTERS);
            deadLetters = open;
        }
        return open;
    }

    private StagedFile open(String kind) throws IOException {
        return new StagedFile(layout.staged(partition, from, "open", writer, kind));
    }

    /** Makes the files durable (step a) and returns the commit record. */
    CommitRecord seal(Position to) throws IOException {
        String end = SegmentLayout.number(to.next());
        CommitRecord sealed = CommitRecord.of(
                partition,
                from,
                to,
                results == null
                        ? null
                        : results.seal(
                                layout.staged(partition, from, end, writer, SegmentLayout.RESULTS),
                                layout.segment(layout.root(), partition, from, to.next())),
                deadLetters == null
                        ? null
                        : deadLetters.seal(
                                layout.staged(partition, from, end, writer, SegmentLayout.DEAD_LETTERS),
                                layout.segment(layout.deadLetters(), partition, from, to.next())),
                writer);
        if (results != null || deadLetters != null) {
            DurableFiles.syncDirectory(layout.staging(partition));
        }
        record = sealed;
        return sealed;
    }

    /** Writes the commit record to a draft that does not count yet (step b). */
    void draft(CommitRecord sealed) throws IOException {
        DurableFiles.write(layout.staged(sealed, SegmentLayout.RECORD), sealed.bytes());
    }

    /** From now on the batch may be committed, even if an error occurs. */
    void tried() {
        tried = true;
    }

    /** Closes the files without deleting them: their names may belong to other files by now. */
    void release() throws IOException {
        if (results != null) {
            results.close();
        }
        if (deadLetters != null) {
            deadLetters.close();
        }
    }

    /** Deletes the files, unless they may belong to a commit; the next claim of the partition decides that. */
    void drop() throws IOException {
        if (!tried) {
            delete();
        }
    }

    /** Deletes the files, which are known not to be committed. */
    void delete() throws IOException {
        if (results != null) {
            results.delete();
        }
        if (deadLetters != null) {
            deadLetters.delete();
        }
        if (record != null) {
            Path draft = layout.staged(record, SegmentLayout.RECORD);
            Files.deleteIfExists(draft);
        }
    }
}
