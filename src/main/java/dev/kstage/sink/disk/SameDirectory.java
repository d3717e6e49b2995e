package dev.kstage.sink.disk;

import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The check that a path still leads to the directory that a run started with. The path can be given to another
 * directory or to a link at any time, and then files are created there. Java has no portable way to create files relative
 * to an open directory. So this is checked before each step, and a swap between the check and the step is not noticed.
 */
public final class SameDirectory {
    private final Path path;
    private final Object key;

    private SameDirectory(Path path, Object key) {
        this.path = path;
        this.key = key;
    }

    /** @throws IOException if there is no such directory */
    public static SameDirectory at(Path path) throws IOException {
        return new SameDirectory(path, key(path));
    }

    /**
     * The identity of a directory: its file key, or its real path on file systems without file keys. A link is followed,
     * because the user's own directory may be one.
     */
    private static Object key(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path.toRealPath() : key;
    }

    /**
     * @throws Failure if the path leads to another directory
     * @throws IOException if there is no directory
     */
    public void require() throws IOException {
        if (!key(path).equals(key)) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    path + " is not the directory that this run began with",
                    "another directory or a link has replaced it during the run",
                    "restore that directory, then run the same command again: it holds everything committed");
        }
    }
}
