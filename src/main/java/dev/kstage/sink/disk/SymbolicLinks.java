package dev.kstage.sink.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Resolves symbolic links, even if the target does not exist. */
public final class SymbolicLinks {
    private static final int MOST = 40;

    private SymbolicLinks() {}

    /**
     * The path and the target of each link in turn; the last one is not a link. Links in the directories are
     * resolved.
     */
    static List<Path> steps(Path path) throws IOException {
        List<Path> steps = new ArrayList<>();
        Path at = path.toAbsolutePath().normalize();
        for (int links = 0; links < MOST; links++) {
            Path directory = at.getParent();
            Path real = directory != null && Files.isDirectory(directory)
                    ? directory.toRealPath().resolve(String.valueOf(at.getFileName()))
                    : at;
            steps.add(real);
            if (!Files.isSymbolicLink(real)) {
                break;
            }
            at = real.resolveSibling(Files.readSymbolicLink(real)).normalize();
        }
        return steps;
    }

    /** The final target of a path. */
    public static Path end(Path path) throws IOException {
        List<Path> steps = steps(path);
        return steps.get(steps.size() - 1);
    }
}
