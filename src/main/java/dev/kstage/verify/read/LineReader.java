package dev.kstage.verify.read;

import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import dev.kstage.report.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads lines of a file as any other program would. */
public final class LineReader {
    private static final int CHUNK = 1 << 16;
    // The same limit as that of produce.
    private static final int LONGEST_LINE = 256 << 20;

    private LineReader() {}

    /** Receives a line. */
    @FunctionalInterface
    public interface Use {
        /** @param hasEnd whether the line ends with a line feed; only the last line may lack it */
        void line(byte[] line, boolean hasEnd);
    }

    /**
     * Passes each line of a regular file to {@code use}, without its line feed.
     *
     * @param most maximum number of bytes to read
     * @throws Failure if the file can't be read, is a pipe or a device, or has a line of more than 256 MiB
     */
    public static void forEach(Path file, long most, Use use) {
        requireRegular(file);
        forEachOfAny(file, most, use);
    }

    /** Passes each line of any readable file to {@code use}, such as a pipe. */
    public static void forEachOfAny(Path file, long most, Use use) {
        try (InputStream input = Files.newInputStream(file)) {
            byte[] buffer = new byte[CHUNK];
            int kept = 0;
            long left = most;
            while (true) {
                if (kept == LONGEST_LINE) {
                    throw new FileSystemException(
                            file.toString(), null, "it has a line of more than " + Text.bytes(LONGEST_LINE));
                }
                if (kept == buffer.length) {
                    buffer = Arrays.copyOf(buffer, 2 * buffer.length);
                }
                int read = left == 0 ? -1 : input.read(buffer, kept, (int) Math.min(left, buffer.length - kept));
                if (read < 0) {
                    break;
                }
                left -= read;
                kept = handOver(buffer, kept, kept + read, use);
            }
            if (kept > 0) {
                use.line(Arrays.copyOf(buffer, kept), false);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Opening a named pipe blocks. A missing file is reported when it is read. */
    private static void requireRegular(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw unreadable(file, new FileSystemException(file.toString(), null, "it is not a regular file"));
        }
    }

    /** Whether the byte at this position is the first of a line. */
    static boolean isStartOfLine(Path file, long at) {
        requireRegular(file);
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return at == 0 || (channel.position(at - 1).read(last) == 1 && last.get(0) == '\n');
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The size of a file in bytes; 0 if it does not exist. */
    static long size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static Failure unreadable(Path file, IOException e) {
        boolean isMissing = e instanceof NoSuchFileException;
        return new Failure(
                Failure.Kind.FAILED,
                "cannot read " + file,
                isMissing ? "there is no such file" : FileFault.reason(e),
                isMissing ? "name an existing file" : "check the file",
                e);
    }

    /** Passes the whole lines in the buffer to {@code use} and moves the rest to its start. */
    private static int handOver(byte[] buffer, int searched, int end, Use use) {
        int start = 0;
        for (int at = searched; at < end; at++) {
            if (buffer[at] == '\n') {
                use.line(Arrays.copyOfRange(buffer, start, at), true);
                start = at + 1;
            }
        }
        System.arraycopy(buffer, start, buffer, 0, end - start);
        return end - start;
    }
}
