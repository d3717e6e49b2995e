package dev.kstage.sink.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Durable file operations: after a call returns, its effect survives a power cut. A name is created once or not at
 * all.
 */
public final class DurableFiles {
    private DurableFiles() {}

    /** Writes a new file and syncs it. The name is durable only after its directory is synced too. */
    public static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeAll(channel, ByteBuffer.wrap(content));
            channel.force(true);
        }
    }

    public static void writeAll(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Syncs a directory, which makes the names in it durable. */
    public static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Creates a directory unless it exists.
     *
     * @throws IOException if something else has that name, even a link to a directory
     */
    public static void createDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileSystemException(
                        directory.toString(),
                        null,
                        Files.isSymbolicLink(directory) ? "it is a symbolic link" : "it is not a directory");
            }
        }
        Path parent = directory.getParent();
        if (parent != null) {
            syncDirectory(parent);
        }
    }

    /**
     * Gives a file a second name (a hard link). If several processes try the same name, exactly one succeeds. A
     * rename would not do, because it replaces an existing file.
     *
     * @return true if this call created the name, false if the name existed
     */
    public static boolean linkOnce(Path name, Path file) throws IOException {
        try {
            Files.createLink(name, file);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }
}
