package dev.kstage.profile;

import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/**
 * Private directories for kstage's state: only the user can read, write or search them. So nobody else can plant a
 * link where a command writes, or read the data of a local broker.
 */
public final class PrivateDirectory {
    private static final Set<PosixFilePermission> ONLY_USER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> ONLY_USER_FILE = PosixFilePermissions.fromString("rw-------");
    private static final boolean IS_POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private PrivateDirectory() {}

    /**
     * Creates a directory and its parents up to {@code state}, with mode 0700. An existing one that belongs to the
     * user, but is open to others, is closed to them. Directories above {@code state} are not changed, because other
     * programs use them.
     *
     * @param state the directory of all state; it equals or contains {@code directory}
     * @throws Failure if one of them is a link, is not a directory, or belongs to another user
     */
    public static void create(Path state, Path directory) throws IOException {
        Files.createDirectories(Objects.requireNonNull(state.toAbsolutePath().getParent()));
        Path each = state;
        createOne(each);
        for (Path name : state.equals(directory) ? Path.of("") : state.relativize(directory)) {
            if (!name.toString().isEmpty()) {
                each = each.resolve(name);
                createOne(each);
            }
        }
    }

    private static void createOne(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, attributes(ONLY_USER));
        } catch (FileAlreadyExistsException e) {
            requireOwn(directory);
            if (IS_POSIX) {
                PosixFileAttributeView view =
                        Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
                if (!view.readAttributes().permissions().equals(ONLY_USER)) {
                    view.setPermissions(ONLY_USER);
                }
            }
        }
    }

    /**
     * Rejects a directory of state before it is read; a missing one is accepted.
     *
     * @throws Failure if it is a link, is not a directory, or belongs to another user
     */
    public static void requireOwn(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.isSymbolicLink(directory)) {
            throw rejected(directory, "it is a symbolic link, which could point to files of other users");
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw rejected(directory, "it is not a directory");
        }
        if (IS_POSIX && !isOwn(directory)) {
            throw rejected(
                    directory,
                    "it belongs to user " + Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS)
                            + ", who could redirect what kstage reads and writes");
        }
    }

    private static boolean isOwn(Path directory) throws IOException {
        try {
            return Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                    .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // Not Linux, so compare names.
            return Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .owner()
                    .getName()
                    .equals(System.getProperty("user.name"));
        }
    }

    private static Failure rejected(Path directory, String why) {
        return new Failure(
                Failure.Kind.USAGE,
                "cannot use " + directory + " for the state of kstage",
                why,
                "remove it, or set XDG_STATE_HOME to a directory that your user owns");
    }

    /** Creates an empty file that only the user may read and write, and replaces an existing one. */
    public static Path newFile(Path file) throws IOException {
        Files.deleteIfExists(file);
        return Files.createFile(file, attributes(ONLY_USER_FILE));
    }

    /** The attributes of a new file that only the user may read and write. */
    public static FileAttribute<?>[] ofFile() {
        return attributes(ONLY_USER_FILE);
    }

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return IS_POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[] {};
    }
}
