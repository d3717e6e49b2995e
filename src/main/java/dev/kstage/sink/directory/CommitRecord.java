package dev.kstage.sink.directory;

import dev.kstage.record.Position;
import dev.kstage.sink.disk.StoredDocument;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A commit of one partition: {@code _kstage/p3/<from>.json}. The existence of this file is the commit; {@code to}
 * names the next one.
 *
 * @param format the version of the directory's format
 * @param partition the partition
 * @param from the first offset of the commit
 * @param to the first offset after the commit
 * @param leaderEpoch the leader epoch of the last record before {@code to}, or -1
 * @param results the file of the stored values; null if there are none
 * @param deadLetters the file of the dead-letter records; null if there are none
 * @param writer distinguishes the batch from those of other processes
 */
record CommitRecord(
        int format,
        int partition,
        long from,
        long to,
        int leaderEpoch,
        @Nullable Segment results,
        @Nullable Segment deadLetters,
        String writer)
        implements StoredDocument {
    // A process id and a random number; see OpenSegment.
    private static final Pattern WRITER = Pattern.compile("[0-9]{1,10}-[0-9a-f]{12}");

    /**
     * A file of lines.
     *
     * @param file its path, relative to the directory
     * @param lines number of lines
     * @param bytes its length
     * @param sha256 its digest, in hexadecimal digits
     */
    record Segment(String file, long lines, long bytes, String sha256) {
        private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

        // Jackson sets missing fields to null or 0.
        @SuppressWarnings("ConstantConditions")
        boolean complete() {
            return file != null
                    && lines > 0
                    && bytes >= lines
                    && sha256 != null
                    && SHA256.matcher(sha256).matches();
        }
    }

    static CommitRecord of(
            int partition,
            long from,
            Position to,
            @Nullable Segment results,
            @Nullable Segment deadLetters,
            String writer) {
        return new CommitRecord(FORMAT, partition, from, to.next(), to.leaderEpoch(), results, deadLetters, writer);
    }

    Position position() {
        return new Position(to, leaderEpoch);
    }

    // Jackson sets missing fields to null or 0.
    @Override
    @SuppressWarnings("ConstantConditions")
    public boolean complete() {
        return format == FORMAT
                && partition >= 0
                && from >= 0
                && to > from
                && leaderEpoch >= Position.NO_EPOCH
                && writer != null
                && WRITER.matcher(writer).matches()
                && (results == null || results.complete())
                && (deadLetters == null || deadLetters.complete());
    }
}
