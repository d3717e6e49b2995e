package dev.kstage.sink.disk;

import java.io.IOException;
import java.nio.file.Path;

/** Names that stand for something of the running system, even where a regular file is behind them. */
public final class SystemFile {
    private SystemFile() {}

    /**
     * Whether a path leads through {@code /dev} or {@code /proc}, as {@code /dev/stdout} does to whatever a
     * shell redirected it to. ({@code /dev/shm} is memory for files of anybody.)
     */
    public static boolean is(Path path) throws IOException {
        return isWithin(path.toAbsolutePath().normalize())
                || SymbolicLinks.steps(path).stream().anyMatch(SystemFile::isWithin);
    }

    private static boolean isWithin(Path path) {
        return path.startsWith("/proc") || (path.startsWith("/dev") && !path.startsWith("/dev/shm"));
    }
}
