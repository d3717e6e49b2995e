package dev.kstage.profile;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Named pipes, which Java can't make. */
public final class Pipe {
    private Pipe() {}

    /** A new one. */
    public static Path at(Path path) throws IOException, InterruptedException {
        if (new ProcessBuilder("mkfifo", path.toString()).inheritIO().start().waitFor() != 0) {
            throw new IOException("cannot make " + path);
        }
        return path;
    }

    /**
     * Whoever opens the pipe at {@code path} reads {@code content}, while another file has taken its place by then.
     * Closed, it waits for no reader any more.
     */
    public static AutoCloseable thatIsReplaced(Path path, String content, Path other) throws IOException {
        Path same = path.resolveSibling("same");
        Files.createLink(same, path);
        Thread writer = new Thread(() -> {
            // Opened as soon as there is a reader.
            try (FileChannel pipe = FileChannel.open(same, StandardOpenOption.WRITE)) {
                Files.move(other, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                pipe.write(java.nio.ByteBuffer.wrap(content.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            } catch (IOException e) {
                // The reader is gone.
            }
        });
        writer.start();
        return () -> {
            // To open a pipe for both waits for nobody.
            try (FileChannel both = FileChannel.open(same, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                writer.join();
            }
        };
    }
}
