package dev.kstage.verify;

import dev.kstage.report.Failure;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The lines of a stored file, read as any other program would read them. */
public final class StoredFile {
    private StoredFile() {}

    /**
     * Hands over each line without its line feed.
     *
     * @throws Failure if the file can't be read, or ends within a line
     */
    public static void forEachLine(Path file, Consumer<byte[]> use) {
        try (InputStream input = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream(512);
            int next;
            while ((next = input.read()) >= 0) {
                if (next == '\n') {
                    use.accept(line.toByteArray());
                    line.reset();
                } else {
                    line.write(next);
                }
            }
            if (line.size() > 0) {
                throw new Failure(
                        Failure.Kind.CHECK,
                        file + " ends within a line",
                        "its last line has no line feed",
                        "look at its end");
            }
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.FAILED, "cannot read " + file, String.valueOf(e.getMessage()), "check the file", e);
        }
    }
}
