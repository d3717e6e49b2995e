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
 * The file of a report. A file is replaced as a whole. A link is replaced too, because somebody could have planted it
 * to overwrite another file. A pipe is written to directly, and so is everything in {@code /dev} and {@code /proc},
 * such as the link {@code /dev/stdout}.
 */
final class ReportTarget {
    private static final Set<Path> OUT =
            Set.of(Path.of("/dev/stdout"), Path.of("/dev/fd/1"), Path.of("/proc/self/fd/1"));

    private ReportTarget() {}

    /** Whether the file is written to directly, and not replaced. */
    static boolean isStream(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        return (absolute.startsWith("/dev") && !absolute.startsWith("/dev/shm"))
                || absolute.startsWith("/proc")
                || isPipe(file);
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

    /** Standard output may be a file; a second descriptor would overwrite it. */
    private static OutputStream open(Path file) throws IOException {
        return OUT.contains(file.toAbsolutePath().normalize())
                ? new FileOutputStream(FileDescriptor.out) {
                    // Standard output stays open for other output.
                    @Override
                    public void close() {}
                }
                : Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }
}
