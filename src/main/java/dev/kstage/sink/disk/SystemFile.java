package dev.kstage.sink.disk;

import java.io.IOException;
import java.nio.file.Path;

/** Recognises paths of special files, even if a regular file is behind them. */
public final class SystemFile {
    private SystemFile() {}

    /**
     * Whether a path goes through {@code /dev} or {@code /proc}. For example {@code /dev/stdout} leads to the file
     * that a shell redirected it to. ({@code /dev/shm} is ordinary memory storage.)
     */
    public static boolean is(Path path) throws IOException {
        return isWithin(path.toAbsolutePath().normalize())
                || SymbolicLinks.steps(path).stream().anyMatch(SystemFile::isWithin);
    }

    private static boolean isWithin(Path path) {
        return path.startsWith("/proc") || (path.startsWith("/dev") && !path.startsWith("/dev/shm"));
    }
}
