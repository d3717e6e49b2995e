package dev.kstage.sink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names that stand for something of the running system, even where a regular file is behind them. */
final class SystemFile {
    private static final int MOST_LINKS = 40;

    private SystemFile() {}

    /**
     * Whether a path leads through {@code /dev} or {@code /proc}, as {@code /dev/stdout} does to whatever a
     * shell redirected it to. ({@code /dev/shm} is memory for files of anybody.)
     */
    static boolean is(Path path) throws IOException {
        Path at = path.toAbsolutePath().normalize();
        for (int links = 0; links < MOST_LINKS; links++) {
            Path directory = at.getParent();
            Path real = directory != null && Files.isDirectory(directory)
                    ? directory.toRealPath().resolve(String.valueOf(at.getFileName()))
                    : at;
            if (isWithin(at) || isWithin(real)) {
                return true;
            }
            if (!Files.isSymbolicLink(real)) {
                return false;
            }
            at = real.resolveSibling(Files.readSymbolicLink(real)).normalize();
        }
        return false;
    }

    private static boolean isWithin(Path path) {
        return path.startsWith("/proc") || (path.startsWith("/dev") && !path.startsWith("/dev/shm"));
    }
}
