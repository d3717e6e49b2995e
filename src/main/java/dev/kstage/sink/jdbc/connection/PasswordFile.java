package dev.kstage.sink.jdbc.connection;

import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads files with the password of a database. */
public final class PasswordFile {
    private static final int MOST_BYTES = 1 << 20;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private PasswordFile() {}

    /**
     * The first line of a file that only its owner should be able to read. The file may be a pipe, such as the
     * shell's process substitution.
     *
     * @throws Failure if it can't be read, has more than 1 MB, or does not end within 10 s
     */
    public static String read(Path file) {
        FutureTask<byte[]> reading = new FutureTask<>(() -> {
            try (InputStream input = Files.newInputStream(file)) {
                return input.readNBytes(MOST_BYTES + 1);
            }
        });
        // Opening or reading a pipe can't be cancelled.
        Thread thread = new Thread(reading, "read password");
        thread.setDaemon(true);
        thread.start();
        try {
            byte[] content = reading.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (content.length > MOST_BYTES) {
                throw unreadable(file, new FileSystemException(file.toString(), null, "it has more than 1 MB"));
            }
            return new String(content, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (ExecutionException e) {
            throw unreadable(file, e.getCause() instanceof IOException fault ? fault : new IOException(e.getCause()));
        } catch (TimeoutException e) {
            String why = "it could not be read within " + LIMIT.toSeconds() + " s";
            throw unreadable(file, new FileSystemException(file.toString(), null, why));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreadable(file, new FileSystemException(file.toString(), null, "interrupted"));
        }
    }

    private static Failure unreadable(Path file, IOException e) {
        return new Failure(
                Failure.Kind.USAGE,
                "cannot read the password in " + file,
                FileFault.reason(e),
                "name a text file whose first line is the password",
                e);
    }

    /** PostgreSQL's driver reads its own password file, and would block on a pipe. */
    static void requireRegularPgpass(Map<String, String> environment) {
        String named = environment.get("PGPASSFILE");
        Path file = named == null ? Path.of(System.getProperty("user.home", ""), ".pgpass") : Path.of(named);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use the password file " + file,
                    "it is not a regular file",
                    "remove it, or set PGPASSFILE to another file");
        }
    }
}
