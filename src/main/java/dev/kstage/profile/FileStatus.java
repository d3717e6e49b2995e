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
 * What the system says of a file.
 *
 * @param key tells it from every other file; null where the system has no such thing
 * @param kind what it is
 * @param isOwn whether it is the user's own, or root's, who could do anything anyway (mounted secrets are root's)
 * @param permissions the nine bits and the sticky one; those of a private file where a system has none
 * @param size in bytes
 */
public record FileStatus(@Nullable Object key, Kind kind, boolean isOwn, int permissions, long size) {
    /** What a file is. */
    enum Kind {
        REGULAR,
        DIRECTORY,
        LINK,
        /** A named pipe, a socket or a device: what is read there depends on others, or never ends. */
        OTHER
    }

    private static final int STICKY = 01000;
    private static final int PERMISSIONS = 01777;
    private static final int PRIVATE = 0600;

    /**
     * @param options whether links are followed
     * @throws IOException if there is none, or it can't be looked at
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
            // No Linux: then by name.
            return hasOwnName(path);
        }
    }

    private static boolean hasOwnName(Path path) throws IOException {
        return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName().equals(System.getProperty("user.name"));
    }

    /** Whether every user of the machine can read it. */
    public boolean isReadableByAll() {
        return (permissions & 0004) != 0;
    }

    /** Whether every user of the machine can write it. */
    public boolean isWritableByAll() {
        return (permissions & 0002) != 0;
    }

    /** Whether the group or others can write it. */
    public boolean isWritableByOthers() {
        return (permissions & 0022) != 0;
    }

    /** Whether only who owns a file of this directory may put another one in its place. */
    public boolean isSticky() {
        return (permissions & STICKY) != 0;
    }
}
