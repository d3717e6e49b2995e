package dev.kstage.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** Whose a file is and who else can read it. */
final class FileRights {
    private FileRights() {}

    /** The user's own, or root's, who could do anything anyway (mounted secrets are root's). */
    static boolean isOwn(Path path) {
        try {
            Object owner = Files.getAttribute(path, "unix:uid");
            return owner.equals(0) || owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // No Linux: then by name.
            return hasOwnName(path);
        }
    }

    private static boolean hasOwnName(Path path) {
        try {
            return Files.getOwner(path).getName().equals(System.getProperty("user.name"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Whether every user of the machine can; false where that can't be told. */
    static boolean isReadableByAll(Path path) {
        try {
            return Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
