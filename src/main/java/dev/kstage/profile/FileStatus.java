package dev.kstage.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a file.
 *
 * @param key identifies the file; null if the system has no such key
 * @param kind the kind of the file
 * @param isOwn whether it belongs to the user or to root, who could do anything anyway (mounted secrets belong to
 *     root)
 * @param permissions the nine permission bits and the sticky bit; those of a private file if the system has none
 * @param size in bytes
 */
public record FileStatus(@Nullable Object key, Kind kind, boolean isOwn, int permissions, long size) {
    /** The kind of a file. */
    enum Kind {
        REGULAR,
        DIRECTORY,
        LINK,
        /** A named pipe, a socket or a device: reading it may block, or never end. */
        OTHER
    }

    private static final int STICKY = 01000;
    private static final int PERMISSIONS = 01777;
    private static final int PRIVATE = 0600;

    /**
     * @param options whether links are followed
     * @throws IOException if the file does not exist or can't be read
     */
    public static FileStatus of(Path path, LinkOption... options) throws IOException {
        try {
            Map<String, Object> unix = Files.readAttributes(path, "unix:mode,uid,dev,ino,size", options);
            int mode = (Integer) value(unix, "mode");
            return new FileStatus(
                    List.of(value(unix, "dev"), value(unix, "ino")),
                    kind(mode),
                    isOwn(path, (Integer) value(unix, "uid")),
                    mode & PERMISSIONS,
                    (Long) value(unix, "size"));
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            BasicFileAttributes basic = Files.readAttributes(path, BasicFileAttributes.class, options);
            return new FileStatus(basic.fileKey(), kind(basic), hasOwnName(path), PRIVATE, basic.size());
        }
    }

    private static Object value(Map<String, Object> attributes, String name) {
        return Objects.requireNonNull(attributes.get(name), name);
    }

    private static Kind kind(int mode) {
        return switch (mode & 0170000) {
            case 0100000 -> Kind.REGULAR;
            case 0040000 -> Kind.DIRECTORY;
            case 0120000 -> Kind.LINK;
            default -> Kind.OTHER;
        };
    }

    private static Kind kind(BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
            return Kind.REGULAR;
        }
        if (attributes.isDirectory()) {
            return Kind.DIRECTORY;
        }
        return attributes.isSymbolicLink() ? Kind.LINK : Kind.OTHER;
    }

    private static boolean isOwn(Path path, int user) throws IOException {
        try {
            return user == 0
                    || Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(user);
        } catch (IOException e) {
            // Not Linux, so compare names.
            return hasOwnName(path);
        }
    }

    private static boolean hasOwnName(Path path) throws IOException {
        return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName().equals(System.getProperty("user.name"));
    }

    /** Whether every user of the machine can read the file. */
    public boolean isReadableByAll() {
        return (permissions & 0004) != 0;
    }

    /** Whether every user of the machine can write to the file. */
    public boolean isWritableByAll() {
        return (permissions & 0002) != 0;
    }

    /** Whether the group or other users can write to the file. */
    public boolean isWritableByOthers() {
        return (permissions & 0022) != 0;
    }

    /** Whether only the owner of a file in this directory may replace it. */
    public boolean isSticky() {
        return (permissions & STICKY) != 0;
    }
}
