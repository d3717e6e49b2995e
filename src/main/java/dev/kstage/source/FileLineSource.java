package dev.kstage.source;

import dev.kstage.record.Fingerprint;
import dev.kstage.record.Origin;
import dev.kstage.report.Failure;
import dev.kstage.stage.Batch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file, starting where an earlier attempt stopped. It has one partition; positions count bytes. The
 * fingerprint of the file is the SHA-256 of the bytes before the position.
 */
public final class FileLineSource extends SinglePartitionSource implements Fingerprint {

    private final String name;
    private final Path file;
    private final LineFormat format;
    private final @Nullable KeyField keys;
    private final long count;
    private LineSource lines;
    private String fingerprintOfStart;
    private long given;

    /**
     * @param name the name of the file in messages
     * @param keys chooses the key of each record, or null to use the line's own
     * @param count maximum number of records, including those of earlier attempts
     * @throws IOException if the file can't be opened
     */
    public FileLineSource(String name, Path file, LineFormat format, @Nullable KeyField keys, OptionalLong count)
            throws IOException {
        this.name = name;
        this.file = file;
        this.format = format;
        this.keys = keys;
        this.count = count.orElse(Long.MAX_VALUE);
        InputDigest nothing = new InputDigest();
        this.lines = new LineSource(name, Files.newInputStream(file), format, keys, nothing);
        this.fingerprintOfStart = nothing.fingerprint();
    }

    @Override
    public Origin origin() {
        return lines.origin();
    }

    @Override
    public String before(long position) {
        try (InputStream input = Files.newInputStream(file)) {
            InputDigest passed = new InputDigest();
            pass(input, position, passed);
            refuseGrownLine(position, passed);
            return passed.fingerprint();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    protected void goTo(long position) {
        try {
            lines.close();
            InputDigest passed = new InputDigest();
            InputStream input = Files.newInputStream(file);
            lines = new LineSource(name, input, format, keys, passed);
            pass(input, position, passed);
            refuseGrownLine(position, passed);
            given = format.keepsEmptyLines() ? passed.lines() : passed.records();
            fingerprintOfStart = passed.fingerprint();
            lines.startReading();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private Failure unreadable(IOException e) {
        return new Failure(
                Failure.Kind.FAILED,
                "cannot read " + name,
                String.valueOf(e.getMessage()),
                "check the file, then run the same command again",
                e);
    }

    private void pass(InputStream input, long position, InputDigest passed) throws IOException {
        byte[] buffer = new byte[256 * 1024];
        long left = position;
        while (left > 0) {
            int length = input.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (length < 0) {
                throw changed("it is shorter than the part that an earlier attempt sent");
            }
            passed.add(buffer, length);
            left -= length;
        }
    }

    private void refuseGrownLine(long position, InputDigest passed) throws IOException {
        if (passed.endsWithinLine() && Files.size(file) > position) {
            throw changed("the last line that an earlier attempt sent is longer now");
        }
    }

    private Failure changed(String why) {
        return new Failure(
                Failure.Kind.USAGE,
                name + " has changed",
                why,
                "restore the original file, or send this one with a new --run-id");
    }

    @Override
    public Batch poll(int most, Duration wait) {
        if (given >= count) {
            return new Batch(List.of(), lines.positions());
        }
        Batch batch = lines.poll((int) Math.min(most, count - given), wait);
        given += batch.read();
        return batch;
    }

    @Override
    public boolean isAtEnd() {
        return given >= count || lines.isAtEnd();
    }

    @Override
    public boolean isAssignmentAtEnd() {
        return isAtEnd() || lines.isAssignmentAtEnd();
    }

    @Override
    public String ofStart() {
        return fingerprintOfStart;
    }

    @Override
    public String now() {
        return lines.passed().fingerprint();
    }

    /** The number of skipped empty lines, including earlier attempts. */
    public long skipped() {
        return lines.skipped();
    }

    @Override
    public void close() {
        lines.close();
    }
}
