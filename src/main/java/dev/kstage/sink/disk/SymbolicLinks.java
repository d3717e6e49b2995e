package dev.kstage.sink.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where symbolic links lead to, whether there is anything at their end or not. */
public final class SymbolicLinks {
    private static final int MOST = 40;

    private SymbolicLinks() {}

    /** The path itself, and what each link leads to, the last of them no link; without links in their directories. */
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

    /** What a path leads to in the end. */
    public static Path end(Path path) throws IOException {
        List<Path> steps = steps(path);
        return steps.get(steps.size() - 1);
    }
}
