package dev.kstage.cli.option;

import dev.kstage.report.AtomicFile;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * Where a report goes that the user names a file for. A file is replaced as a whole, and a link at its name is replaced
 * as well: it could have been planted to have another file overwritten. What is no file is what the user means: a pipe,
 * or {@code /dev/stdout}, which is a link itself, so everything in {@code /dev} and {@code /proc} is written to as it is.
 */
final class ReportTarget {
    private static final Set<Path> OUT =
            Set.of(Path.of("/dev/stdout"), Path.of("/dev/fd/1"), Path.of("/proc/self/fd/1"));

    private ReportTarget() {}

    /** Whether what stands there is written to and not replaced. */
    static boolean isStream(Path file) {
        Path place = file.toAbsolutePath().normalize();
        return (place.startsWith("/dev") && !place.startsWith("/dev/shm")) || place.startsWith("/proc") || isPipe(file);
    }

    private static boolean isPipe(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther();
        } catch (IOException e) {
            return false;
        }
    }

    static void write(Path file, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        if (!isStream(file)) {
            AtomicFile.replace(file, bytes);
            return;
        }
        try (OutputStream stream = open(file)) {
            stream.write(bytes);
        }
    }

    /** Standard output may be a file: opened a second time, one would overwrite the other. */
    private static OutputStream open(Path file) throws IOException {
        return OUT.contains(file.toAbsolutePath().normalize())
                ? new FileOutputStream(FileDescriptor.out) {
                    // It stays open for everything else that is printed.
                    @Override
                    public void close() {}
                }
                : Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }
}
