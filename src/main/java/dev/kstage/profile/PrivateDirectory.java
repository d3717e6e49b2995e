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
 * The directories of kstage's state: the user's own and nobody else's to read, write or search. So nobody can plant a
 * link where a command is about to write, nor read the data of a local broker.
 */
public final class PrivateDirectory {
    private static final Set<PosixFilePermission> ONLY_USER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> ONLY_USER_FILE = PosixFilePermissions.fromString("rw-------");
    private static final boolean IS_POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private PrivateDirectory() {}

    /**
     * Makes a directory with those between it and {@code state}, each with mode 0700. One that is there already, is the
     * user's own and open to others is closed to them. Those above {@code state} belong to every program.
     *
     * @param state the directory of all state; it or one above {@code directory}
     * @throws Failure if one of them is a link or no directory, or another user's
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
     * Rejects a directory of state from which something is about to be read; one that is not there is no fault.
     *
     * @throws Failure if it is a link or no directory, or another user's
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
            // No Linux: then by name.
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

    /** Makes an empty file that only the user may read and write, in place of what has its name. */
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
