package dev.kstage.sink.disk;

import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A directory that has to stay the one that a run began with. Its name can be given to another directory, or to a
 * link, at any time; what is then written by name lands elsewhere. Java has no names relative to an open directory, so
 * this is asked before each step, and a swap between the question and the step itself is not seen.
 */
public final class SameDirectory {
    private final Path path;
    private final Object key;

    private SameDirectory(Path path, Object key) {
        this.path = path;
        this.key = key;
    }

    /** @throws IOException if it is not there */
    public static SameDirectory at(Path path) throws IOException {
        return new SameDirectory(path, key(path));
    }

    /**
     * What tells it from all others: the number of the file, or its real path where files have none. A link is
     * followed, since the user's own directory may be one.
     */
    private static Object key(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path.toRealPath() : key;
    }

    /**
     * @throws Failure if its name leads to another directory
     * @throws IOException if it leads nowhere
     */
    public void require() throws IOException {
        if (!key(path).equals(key)) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    path + " is not the directory that this run began with",
                    "another directory or a link was put in its place while the run went on",
                    "bring that directory back and run the same command again: everything committed is kept in it");
        }
    }
}
