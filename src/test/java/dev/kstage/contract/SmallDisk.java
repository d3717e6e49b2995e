package dev.kstage.contract;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;

/** A file system of a few megabytes in memory, over a directory; to mount one takes the rights to. */
final class SmallDisk implements AutoCloseable {
    private static final String SIZE = "4m";

    private final Path directory;
    private final Path filler;

    private SmallDisk(Path directory) {
        this.directory = directory;
        this.filler = directory.resolve("filler");
    }

    /** Whether this process may mount one. */
    static boolean isPossible(Path directory) {
        if (!mount(directory)) {
            return false;
        }
        unmount(directory);
        return true;
    }

    /** It belongs to whom the directory belongs. */
    static SmallDisk over(Path directory) throws IOException {
        UserPrincipal owner = Files.getOwner(directory);
        if (!mount(directory)) {
            throw new AssertionError("cannot mount a small disk on " + directory);
        }
        Files.setOwner(directory, owner);
        return new SmallDisk(directory);
    }

    private static boolean mount(Path directory) {
        return run("mount", "-t", "tmpfs", "-o", "size=" + SIZE + ",mode=777", "tmpfs", directory.toString());
    }

    private static void unmount(Path directory) {
        if (!run("umount", "-l", directory.toString())) {
            throw new AssertionError("cannot unmount " + directory);
        }
    }

    private static boolean run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            // There is no such program here.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Takes all the room that is left. */
    void fill() {
        try (OutputStream to = Files.newOutputStream(filler)) {
            while (true) {
                to.write(new byte[4096]);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Gives back what {@link #fill} took. */
    void clear() {
        try {
            Files.delete(filler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        unmount(directory);
    }
}
