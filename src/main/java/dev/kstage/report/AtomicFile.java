package dev.kstage.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Replaces a whole file: a reader or a crash finds the old content or the new one. The new content goes to a new file
 * with a random name beside it, so nobody can plant a link there. A link with the name of the file itself is
 * replaced, not followed.
 */
public final class AtomicFile {
    private static final String NEXT = ".next";
    private static final int DIGITS = 16;
    private static final int TRIES = 100;
    private static final FileAttribute<?>[] NO_ATTRIBUTES = {};
    private static final FileAttribute<?>[] PRIVATE =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                    }
                    : NO_ATTRIBUTES;

    private AtomicFile() {}

    /**
     * Replaces a file that other users may read like the user's other files. After the return, the file survives a
     * power cut.
     */
    public static void replace(Path file, byte[] content) throws IOException {
        replace(file, content, NO_ATTRIBUTES);
    }

    /** Replaces a file that only the user may read and write. After the return, the file survives a power cut. */
    public static void replacePrivately(Path file, byte[] content) throws IOException {
        replace(file, content, PRIVATE);
    }

    private static void replace(Path file, byte[] content, FileAttribute<?>... attributes) throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
        for (int tried = 1; ; tried++) {
            Path next = directory.resolve(file.getFileName() + random() + NEXT);
            try (FileChannel channel = FileChannel.open(
                    next, Set.<OpenOption>of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            } catch (FileAlreadyExistsException e) {
                if (tried == TRIES) {
                    throw e;
                }
                continue;
            } catch (IOException e) {
                Files.deleteIfExists(next);
                throw e;
            }
            try {
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                Files.deleteIfExists(next);
                throw e;
            }
            break;
        }
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /** Removes leftovers of killed processes beside a file that only this process may replace now. */
    public static void removeLeftovers(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
        int length = name.length() + 1 + DIGITS + NEXT.length();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, each -> {
            String other = String.valueOf(each.getFileName());
            return other.length() == length
                    && other.startsWith(name + ".")
                    && other.endsWith(NEXT)
                    && Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS);
        })) {
            for (Path left : files) {
                Files.deleteIfExists(left);
            }
        }
    }

    private static String random() {
        String digits = Long.toHexString(ThreadLocalRandom.current().nextLong());
        return "." + "0".repeat(DIGITS - digits.length()) + digits;
    }
}
