package dev.kstage.sink.jdbc.connection;

import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import dev.kstage.report.RegularFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * Keeps a second writer of a table in a SQLite file out while this lock is held. The lock is on a separate file,
 * because closing the database file would release SQLite's own locks (POSIX). It covers one byte for each table.
 */
public final class WriterLock implements AutoCloseable {
    private final FileChannel channel;

    private WriterLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws Failure if another process has the lock */
    public static WriterLock of(DatabaseLogin login, String table) {
        SqliteFile database = SqliteFile.named(login.url());
        database.requireRegular();
        Path file = Path.of(database.real() + ".lock");
        CRC32 hash = new CRC32();
        // SQLite ignores the case of names.
        hash.update(table.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
        try {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                RegularFile.require(file);
            }
            // To open for reading as well never waits, whatever was put in the place of the file meanwhile.
            FileChannel channel = FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
            if (tryLock(channel, hash.getValue()) == null) {
                channel.close();
                throw new Failure(
                        Failure.Kind.TEMPORARY,
                        "table " + table + " in " + database.path() + " has another writer",
                        "another process has locked it; a SQLite file has one writer at a time",
                        "wait until that process ends, or stop it; for several workers use PostgreSQL or a directory");
            }
            return new WriterLock(channel);
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    "cannot write " + file,
                    FileFault.reason(e),
                    "name a file in an existing directory that you may write to",
                    e);
        }
    }

    @SuppressWarnings("NullAway") // tryLock is not annotated: it returns null if another process has the lock.
    private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel, long position)
            throws IOException {
        try {
            return channel.tryLock(position, 1, false);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Then the process holds the lock until it ends.
            return;
        }
    }
}
