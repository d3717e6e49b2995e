package dev.kstage.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/** Reads small files of kstage that another user may have replaced: whole, and only regular files. */
public final class RegularFile {
    private RegularFile() {}

    /**
     * Reads a file that is no link and nothing that may block or never end.
     *
     * @param most maximum size in bytes
     * @throws java.nio.file.NoSuchFileException if the file does not exist
     * @throws FileSystemException with the reason, if it is not a regular file or is too large
     */
    public static byte[] read(Path file, int most) throws IOException {
        require(file);
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, Set.<OpenOption>of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(1 << 13);
            while (channel.read(buffer) >= 0) {
                content.write(buffer.array(), 0, buffer.position());
                buffer.clear();
                if (content.size() > most) {
                    throw new FileSystemException(file.toString(), null, "it has more than " + most + " bytes");
                }
            }
            return content.toByteArray();
        }
    }

    /** @throws FileSystemException with the reason, if it is a link or not a regular file */
    public static void require(Path file) throws IOException {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isRegularFile()) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    found.isSymbolicLink() ? "it is a symbolic link" : "it is not a regular file");
        }
    }
}
