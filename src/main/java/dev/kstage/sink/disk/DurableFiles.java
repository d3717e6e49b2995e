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

/** Files that outlive a power cut once a call returns, and names that come to be once or not at all. */
public final class DurableFiles {
    private DurableFiles() {}

    /** Writes a new file and syncs it; its name is durable only once its directory is synced too. */
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

    /** Makes the names in a directory as durable as they are now. */
    public static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Creates a directory unless it is there.
     *
     * @throws IOException if something else is there, and be it a link to a directory
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
     * Gives a file a second name. Of any number of processes that try the same name one succeeds; a
     * rename could not tell, since it replaces what is there.
     *
     * @return whether it did; false if the name was taken
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
