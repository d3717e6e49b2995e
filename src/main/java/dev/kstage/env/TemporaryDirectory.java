package dev.kstage.env;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The private temporary directory of this process, removed when the process ends. Compression codecs, SQLite and the
 * terminal library unpack native code and load it. In a directory that others can write to, they could load what
 * another user put there.
 *
 * <p>It is a subdirectory of {@code java.io.tmpdir}, which is set to it. Since Java 19 a program can't change where
 * {@code File.createTempFile} creates files, and lz4-java uses that method. So lz4-java creates a file with a random
 * name in Java's original temporary directory.
 */
public final class TemporaryDirectory {
    private static final String PREFIX = "kstage-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9]{1,18})-[0-9a-f]{1,16}");
    private static final int TRIES = 100;
    // A process in another container with the same user and directory may still run, although its id is not known
    // here. After this time it has loaded its libraries.
    private static final Duration LEFTOVER_AGE = Duration.ofHours(1);

    private TemporaryDirectory() {}

    /**
     * Creates the directory and removes it at the end of the process, with those of killed processes. Call it before
     * anything else creates a temporary file. If the directory can't be created, nothing changes.
     */
    public static void use() {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            Path own = create(parent);
            System.setProperty("java.io.tmpdir", own.toString());
            // Libraries whose default is set elsewhere, or may be set by an environment variable.
            System.setProperty("ZstdTempFolder", own.toString());
            System.setProperty("org.xerial.snappy.tempdir", own.toString());
            System.setProperty("jline.tmpdir", own.toString());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(parent, own), "temporary files"));
        } catch (IOException | UnsupportedOperationException e) {
            // No POSIX permissions or no space: the libraries use their defaults, as in any program.
            return;
        }
    }

    /** The random name prevents others from occupying it. It is safe because the directory must be new. */
    private static Path create(Path parent) throws IOException {
        long random = System.nanoTime() ^ ((long) System.identityHashCode(new Object()) << 32);
        for (int tried = 0; ; tried++, random++) {
            Path wanted = parent.resolve(PREFIX + ProcessHandle.current().pid() + "-" + Long.toHexString(random));
            try {
                return Files.createDirectory(
                        wanted, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                if (tried >= TRIES) {
                    throw e;
                }
            }
        }
    }

    private static void remove(Path parent, Path own) {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(parent, PREFIX + "*")) {
            UserPrincipal user = Files.getOwner(own, LinkOption.NOFOLLOW_LINKS);
            for (Path other : others) {
                if (isLeftover(other, user)) {
                    removeAll(other);
                }
            }
        } catch (IOException e) {
            // Leftovers of other processes stay; this process's own directory is removed next.
        }
        removeAll(own);
    }

    /** Whether it is the directory of a process of the same user that has ended. */
    private static boolean isLeftover(Path directory, UserPrincipal user) throws IOException {
        Matcher name = NAME.matcher(String.valueOf(directory.getFileName()));
        if (!name.matches()) {
            return false;
        }
        BasicFileAttributes attributes =
                Files.readAttributes(directory, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.isDirectory()
                && attributes
                        .lastModifiedTime()
                        .toInstant()
                        .isBefore(Instant.now().minus(LEFTOVER_AGE))
                && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(user)
                && Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS)
                        .equals(Set.copyOf(PosixFilePermissions.fromString("rwx------")))
                && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty();
    }

    /** Links in it are removed, not followed. */
    private static void removeAll(Path directory) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // Nobody needs its content, and the system cleans temporary files.
            return;
        }
    }
}
