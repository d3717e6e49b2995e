package dev.kstage.cli.option;

import dev.kstage.report.AtomicFile;
import dev.kstage.report.Text;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The file of a report. A file is replaced as a whole. A link is replaced too, because somebody could have planted it
 * to overwrite another file. A pipe is written to directly, and so is everything in {@code /dev} and {@code /proc},
 * such as the link {@code /dev/stdout}.
 */
final class ReportTarget {
    private static final Set<Path> OUT =
            Set.of(Path.of("/dev/stdout"), Path.of("/dev/fd/1"), Path.of("/proc/self/fd/1"));

    private static final Duration LONGEST_OPENING = Duration.ofSeconds(10);
    private static final Duration LONGEST_WRITING = Duration.ofSeconds(60);

    private ReportTarget() {}

    /** Whether the file is written to directly, and not replaced. */
    static boolean isStream(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        return (absolute.startsWith("/dev") && !absolute.startsWith("/dev/shm"))
                || absolute.startsWith("/proc")
                || isPipe(file);
    }

    private static boolean isPipe(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther();
        } catch (IOException e) {
            return false;
        }
    }

    static void write(Path file, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        if (!isStream(file)) {
            AtomicFile.replace(file, bytes);
            return;
        }
        if (OUT.contains(file.toAbsolutePath().normalize())) {
            // Like all other output, it waits for its reader without a limit.
            try (OutputStream out = open(file)) {
                out.write(bytes);
            }
            return;
        }
        writeStream(file, bytes, LONGEST_OPENING, LONGEST_WRITING);
    }

    /**
     * Writes to a pipe or a device. Opening a named pipe blocks until it has a reader, and writing blocks while the pipe
     * is full. Neither call can be cancelled, so a daemon thread makes it.
     *
     * @param opening how long to wait for a reader
     * @param writing how long to wait for the reader to take everything
     * @throws IOException also if a limit is exceeded
     */
    static void writeStream(Path file, byte[] bytes, Duration opening, Duration writing) throws IOException {
        try (OutputStream stream = within(opening, () -> open(file), file, "nobody opened it for reading")) {
            var unused = within(
                    writing,
                    () -> {
                        stream.write(bytes);
                        return true;
                    },
                    file,
                    "its reader did not take everything");
        }
    }

    private static <T> T within(Duration limit, Callable<T> step, Path file, String late) throws IOException {
        FutureTask<T> task = new FutureTask<>(step);
        Thread thread = new Thread(task, "write " + file);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new FileSystemException(file.toString(), null, late + " within " + Text.duration(limit));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException fault) {
                throw fault;
            }
            throw new IOException("it could not be written", e.getCause());
        }
    }

    /** Standard output may be a file; a second descriptor would overwrite it. */
    private static OutputStream open(Path file) throws IOException {
        return OUT.contains(file.toAbsolutePath().normalize())
                ? new FileOutputStream(FileDescriptor.out) {
                    // Standard output stays open for other output.
                    @Override
                    public void close() {}
                }
                : Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }
}
