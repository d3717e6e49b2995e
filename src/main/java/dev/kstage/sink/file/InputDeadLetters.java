package dev.kstage.sink.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.kstage.format.DeadLetterLine;
import dev.kstage.record.Bytes;
import dev.kstage.record.DeadLetter;
import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import dev.kstage.report.RegularFile;
import dev.kstage.sink.disk.DurableFiles;
import dev.kstage.sink.disk.LineBuffer;
import dev.kstage.sink.disk.SystemFile;
import dev.kstage.stage.DeadLetterLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lines of an input that were not sent, as JSON lines: {@code runId, input, line, reason, text}, or {@code
 * textBase64} for what is not UTF-8. Runs append to the file; the first such line creates it. One process at a time
 * uses it.
 */
public final class InputDeadLetters implements DeadLetterLog {
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] OF_ANY_RUN = "{\"runId\":".getBytes(StandardCharsets.UTF_8);
    private static final int CHUNK = 1 << 16;

    private final Path path;
    private final String input;
    private final @Nullable String runId;
    // The first bytes of each line of this run.
    private final byte[] mark;
    private final LineBuffer buffer = new LineBuffer();
    private @Nullable FileChannel channel;
    private long deadLetters;

    /**
     * Opens the file for this process, if it exists.
     *
     * @param path the file; a link is rejected
     * @param input the name of the input
     * @param runId the id of a resumable run, or null for a run that starts anew each time
     * @throws Failure if it is not such a file, or another process uses it
     */
    public InputDeadLetters(Path path, String input, @Nullable String runId) {
        this.path = path;
        this.input = input;
        this.runId = runId;
        this.mark = markOf(runId);
        try {
            if (SystemFile.is(path)
                    || Files.exists(FilePosition.of(path), LinkOption.NOFOLLOW_LINKS)
                    || Files.exists(DeadLetterFile.ownerOf(path), LinkOption.NOFOLLOW_LINKS)) {
                throw foreign("it is a special file, or belongs to the results or dead-letter records of consume");
            }
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                channel = open();
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** The default: {@code orders.jsonl.dead-letters.jsonl} for {@code orders.jsonl}. */
    public static Path beside(Path input) {
        return input.resolveSibling(input.getFileName() + ".dead-letters.jsonl");
    }

    private static byte[] markOf(@Nullable String runId) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("runId", runId);
            json.flush();
            byte[] mark = line.toByteArray();
            json.writeEndObject();
            return mark;
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory can't fail", e);
        }
    }

    private FileChannel open() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            // Before opening, because opening a named pipe blocks.
            RegularFile.require(path);
        }
        FileChannel open = FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        try {
            if (!isLocked(open)) {
                throw new Failure(
                        Failure.Kind.TEMPORARY,
                        path + " has another writer",
                        "another process has locked it; only one run at a time can use the file",
                        "wait until that run ends, or name another file with --dead-letter");
            }
            requireOwn(open);
            cutTornLine(open);
            open.position(open.size());
            return open;
        } catch (IOException | RuntimeException e) {
            open.close();
            throw e;
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void requireOwn(FileChannel open) throws IOException {
        byte[] start = read(open, 0, OF_ANY_RUN.length);
        if (!Arrays.equals(start, 0, start.length, OF_ANY_RUN, 0, start.length)) {
            throw foreign("it already exists and does not hold dead-letter records of produce");
        }
    }

    /** Removes the incomplete last line of a killed process; no commit includes it. */
    private static void cutTornLine(FileChannel open) throws IOException {
        long end = open.size();
        while (end > 0) {
            long from = Math.max(0, end - CHUNK);
            byte[] chunk = read(open, from, (int) (end - from));
            for (int at = chunk.length - 1; at >= 0; at--) {
                if (chunk[at] == '\n') {
                    open.truncate(from + at + 1);
                    return;
                }
            }
            end = from;
        }
        open.truncate(0);
    }

    private static byte[] read(FileChannel open, long from, int most) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(most);
        int length = 0;
        while (length >= 0 && bytes.hasRemaining()) {
            length = open.read(bytes, from + bytes.position());
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    @Override
    public Extent sync() {
        try {
            FileChannel open = channel;
            if (open == null) {
                return new Extent(0, deadLetters);
            }
            if (buffer.length() > 0) {
                buffer.writeTo(open);
            }
            open.force(false);
            return new Extent(open.size(), deadLetters);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void cutTo(Extent stored) {
        buffer.clear();
        deadLetters = stored.letters();
        try {
            FileChannel open = channel;
            long size = open == null ? 0 : open.size();
            if (size < stored.bytes()) {
                throw new Failure(
                        Failure.Kind.USAGE,
                        path + " is shorter than this run committed",
                        "it has " + size + " of " + stored.bytes() + " bytes",
                        "restore the file, or send the input with a new --run-id");
            }
            if (open != null && size > stored.bytes()) {
                requireOfThisRun(open, stored.bytes(), size);
                open.truncate(stored.bytes()).position(stored.bytes());
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Only lines of this run are deleted, and this run sends each of them to this file again. */
    private void requireOfThisRun(FileChannel open, long from, long size) throws IOException {
        int inLine = 0;
        for (long at = from; at < size; ) {
            byte[] chunk = read(open, at, (int) Math.min(CHUNK, size - at));
            for (byte each : chunk) {
                if (each == '\n') {
                    inLine = 0;
                } else {
                    if (inLine < mark.length && mark[inLine] != each) {
                        throw new Failure(
                                Failure.Kind.USAGE,
                                path + " has dead-letter records of another run after those of run " + runId,
                                "a run that continues deletes what it has not committed: everything after byte " + from,
                                "move the lines after that byte to another file; give each run its own file with"
                                        + " --dead-letter");
                    }
                    inLine++;
                }
            }
            at += chunk.length;
        }
    }

    @Override
    public void add(DeadLetter deadLetter) {
        try {
            FileChannel open = channel;
            if (open == null) {
                open = open();
                channel = open;
                if (runId != null) {
                    // The file did not exist when this run started. So an attempt that did not commit wrote its
                    // content.
                    cutTo(new Extent(0, deadLetters));
                }
                DurableFiles.syncDirectory(Objects.requireNonNull(path.getParent(), "an absolute path"));
            }
            buffer.addLine(line(deadLetter));
            deadLetters++;
            if (buffer.length() >= CHUNK) {
                buffer.writeTo(open);
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private Bytes line(DeadLetter deadLetter) throws IOException {
        ByteArrayOutputStream line =
                new ByteArrayOutputStream(256 + deadLetter.record().size());
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("runId", runId);
            json.writeStringField("input", input);
            json.writeNumberField("line", deadLetter.record().offset());
            json.writeStringField("reason", deadLetter.reason());
            DeadLetterLine.writeBytes(json, "text", deadLetter.record().value());
            json.writeEndObject();
        }
        return Bytes.of(line.toByteArray());
    }

    private Failure foreign(String why) {
        return new Failure(
                Failure.Kind.USAGE,
                "cannot store dead-letter records in " + path,
                why,
                "move that file away, or name another file with --dead-letter");
    }

    private Failure failure(IOException e) {
        return new Failure(
                Failure.Kind.FAILED,
                "cannot store dead-letter records in " + path,
                FileFault.reason(e),
                "use --dead-letter to name a regular file that you may write to",
                e);
    }

    @Override
    public void close() {
        FileChannel open = channel;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (IOException e) {
            throw failure(e);
        }
    }
}
