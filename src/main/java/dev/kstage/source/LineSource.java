package dev.kstage.source;

import dev.kstage.record.Bytes;
import dev.kstage.record.DeadLetter;
import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import dev.kstage.stage.Batch;
import dev.kstage.stage.PartitionListener;
import dev.kstage.stage.Source;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file or of standard input, one record each, without the line end (LF or CR LF) but otherwise
 * unchanged. A byte order mark at the start is not data. Empty lines are skipped and counted, unless the format keeps
 * them. A line is returned as soon as it was read, so a slow pipe is not delayed.
 */
public final class LineSource implements Source {
    // No broker accepts a record of that size.
    private static final int LONGEST_LINE = 256 << 20;
    private static final int CHUNK = 256 * 1024;

    /** A message of the reading thread: bytes, the end of the input, or an error. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Chunk(
            byte[] bytes, boolean isEnd, @Nullable IOException failure) {}

    private final String name;
    private final InputStream input;
    private final LineFormat format;
    private final @Nullable KeyField keys;
    // Reading blocks, and a signal must not wait for a line that may never come. So a separate thread reads.
    private final BlockingQueue<Chunk> chunks = new ArrayBlockingQueue<>(2);
    private byte[] buffer = {};
    private int from;
    private int searched;
    // After the last line that was found, and not yet added to the digest.
    private int next;
    private boolean inputEnded;
    private long line;
    private long bytesRead;
    private long skipped;
    private final @Nullable InputDigest passed;
    private @Nullable Failure failure;
    private boolean hasGiven;

    /**
     * @param name the name of the input in messages
     * @param input closed with this source
     * @param keys chooses the key of each record, or null to use the line's own
     */
    public LineSource(String name, InputStream input, LineFormat format, @Nullable KeyField keys) {
        this(name, input, format, keys, null);
    }

    /** @param passed receives everything that is read; what it contains at the start was read before */
    LineSource(
            String name, InputStream input, LineFormat format, @Nullable KeyField keys, @Nullable InputDigest passed) {
        this.name = name;
        this.input = input;
        this.format = format;
        this.keys = keys;
        this.passed = passed;
    }

    @Override
    public Origin origin() {
        return new Origin(name, "");
    }

    @Override
    public int partitions() {
        return 1;
    }

    @Override
    public void restart() {
        throw new UnsupportedOperationException("an input of lines can't be restarted");
    }

    @Override
    public void start(PartitionListener listener) {
        var unused = listener.assigned(Set.of(0), (missing, initialPartitions) -> positions());
        startReading();
    }

    void startReading() {
        if (passed != null) {
            line = passed.lines();
            bytesRead = passed.bytes();
            skipped = format.keepsEmptyLines() ? 0 : passed.empty();
        }
        Thread reader = new Thread(this::read, "input");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try {
            Chunk chunk;
            do {
                chunk = nextChunk();
                chunks.put(chunk);
            } while (!chunk.isEnd());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Chunk nextChunk() {
        try {
            byte[] bytes = new byte[CHUNK];
            int length = input.read(bytes);
            return length < 0
                    ? new Chunk(new byte[0], true, null)
                    : new Chunk(Arrays.copyOf(bytes, length), false, null);
        } catch (IOException e) {
            return new Chunk(new byte[0], true, e);
        }
    }

    @Override
    public Batch poll(int most, Duration wait) {
        if (failure != null) {
            throw failure;
        }
        List<Record> records = new ArrayList<>();
        List<DeadLetter> deadLetters = new ArrayList<>();
        try {
            for (int lines = 0; lines < most; lines++) {
                byte[] content = nextLine(records.isEmpty() && deadLetters.isEmpty() ? wait : Duration.ZERO);
                if (content == null) {
                    break;
                }
                if (content.length == 0 && !format.keepsEmptyLines()) {
                    skipped++;
                } else {
                    take(content, records, deadLetters);
                }
                pass();
            }
        } catch (Failure unreadable) {
            // The lines before it are valid, and a pipe can't be read again. So they are returned first.
            failure = unreadable;
        }
        hasGiven |= !records.isEmpty() || !deadLetters.isEmpty();
        if (failure != null && !hasGiven) {
            throw failure;
        }
        return new Batch(records, positions(), deadLetters);
    }

    private void take(byte[] content, List<Record> records, List<DeadLetter> deadLetters) {
        long number = line + 1;
        String location = "line " + number + " of " + name;
        Record record = format.record(content, number, location);
        if (keys == null) {
            records.add(record);
            return;
        }
        try {
            records.add(keys.keyed(record));
        } catch (KeyField.Missing e) {
            if (keys.ifMissing() != KeyField.IfMissing.DEAD_LETTER) {
                throw keys.failure(location, e);
            }
            // The unchanged line, so that it can be corrected and sent again.
            Record whole = new Record(Record.UNSET, number, Record.UNSET, null, Bytes.of(content), List.of());
            deadLetters.add(new DeadLetter(whole, "no key \"" + keys.path() + "\": " + e.why()));
        }
    }

    /** Records before an unreadable line must be committed before the error is thrown. */
    @Override
    public boolean isAssignmentAtEnd() {
        return failure != null || isAtEnd();
    }

    private byte @Nullable [] nextLine(Duration wait) {
        while (true) {
            for (; searched < buffer.length; searched++) {
                if (buffer[searched] == '\n') {
                    return content(searched, searched + 1);
                }
            }
            if (inputEnded) {
                return from < buffer.length ? content(buffer.length, buffer.length) : null;
            }
            Chunk chunk = await(wait);
            if (chunk == null) {
                return null;
            }
            append(chunk);
        }
    }

    private byte[] content(int end, int behind) {
        next = behind;
        int first = line == 0 ? from + LineEnds.mark(buffer, from, end) : from;
        return Arrays.copyOfRange(buffer, first, behind > end ? LineEnds.end(buffer, first, end) : end);
    }

    /** Passes a line when its record exists. The next run reads an unreadable line again. */
    private void pass() {
        line++;
        if (passed != null) {
            passed.addLine(buffer, from, next);
        }
        bytesRead += next - from;
        from = next;
        searched = next;
    }

    private @Nullable Chunk await(Duration wait) {
        try {
            return chunks.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private void append(Chunk chunk) {
        if (chunk.failure() != null) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    "cannot read " + name,
                    String.valueOf(chunk.failure().getMessage()),
                    "check the file, then run the same command again",
                    chunk.failure());
        }
        if (buffer.length - from > LONGEST_LINE) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    "cannot read line " + (line + 1) + " of " + name,
                    "it is longer than " + Text.bytes(LONGEST_LINE),
                    "check that the input is text with one record per line");
        }
        inputEnded = chunk.isEnd();
        byte[] joined = Arrays.copyOfRange(buffer, from, buffer.length + chunk.bytes().length);
        System.arraycopy(chunk.bytes(), 0, joined, buffer.length - from, chunk.bytes().length);
        searched -= from;
        from = 0;
        buffer = joined;
    }

    @Override
    public boolean isAtEnd() {
        return failure == null && inputEnded && from >= buffer.length;
    }

    /** The number of skipped empty lines. */
    public long skipped() {
        return skipped;
    }

    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.FAILED, "cannot close " + name, String.valueOf(e.getMessage()), "check the file", e);
        }
    }

    InputDigest passed() {
        return Objects.requireNonNull(passed, "the digest was not requested");
    }

    Positions positions() {
        return Positions.of(Map.of(0, Position.at(bytesRead)));
    }
}
