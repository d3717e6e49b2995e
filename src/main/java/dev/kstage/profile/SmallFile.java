package dev.kstage.profile;

import dev.kstage.report.Text;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A configuration file with its content and status, both from the same open file. */
public final class SmallFile {
    /** Maximum size in bytes. */
    public static final int MOST = 1 << 20;

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Path path;
    private final FileStatus status;
    private final byte[] content;

    private SmallFile(Path path, FileStatus status, byte[] content) {
        this.path = path;
        this.status = status;
        this.content = content;
    }

    /**
     * @param options whether links are followed
     * @throws RejectedFile if it is not a regular file, is too large, or does not respond
     * @throws IOException if it can't be read
     */
    public static SmallFile read(Path path, LinkOption... options) throws IOException {
        return within(LIMIT, path, () -> {
            try (OpenFile file = OpenFile.at(path, options)) {
                byte[] content = file.content(MOST);
                if (content == null) {
                    throw new RejectedFile(
                            path.toString(), "it is larger than 1 MB", "name a file with nothing else in it");
                }
                return new SmallFile(path, file.status(), content);
            }
        });
    }

    /**
     * Returns the result of {@code read}, unless that takes too long.
     *
     * @throws RejectedFile if it does
     */
    static <T> T within(Duration limit, Path path, Callable<T> read) throws IOException {
        FutureTask<T> reading = new FutureTask<>(read);
        // A system call can't be cancelled: a pipe that has just replaced the file, or a lost network, would block
        // the thread.
        Thread thread = new Thread(reading, "read " + path.getFileName());
        thread.setDaemon(true);
        thread.start();
        try {
            return reading.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new RejectedFile(
                    path.toString(), "it could not be read within " + Text.duration(limit), "name a regular file");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException fault) {
                throw fault;
            }
            throw new IOException("it could not be read", e.getCause());
        }
    }

    /**
     * Reads a file whose path is in a profile.
     *
     * @throws RejectedFile also if the system does not allow that file name
     */
    public static SmallFile read(String path) throws IOException {
        try {
            return read(Path.of(path));
        } catch (InvalidPathException e) {
            throw new RejectedFile(path, "this system does not allow that file name", "correct the file name");
        }
    }

    public Path path() {
        return path;
    }

    public FileStatus status() {
        return status;
    }

    /** The content; it must not be changed. */
    public byte[] content() {
        return content;
    }

    /**
     * The content as text.
     *
     * @throws CharacterCodingException if it is not UTF-8
     */
    public String text() throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(content))
                .toString();
    }

    /** The SHA-256 of the content, in hexadecimal digits. */
    public String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JRE has SHA-256", e);
        }
    }
}
