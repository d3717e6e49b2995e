package dev.kstage.profile;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An open regular file, with the status of the open file itself, whatever its path leads to now. */
final class OpenFile implements Closeable {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fdinfo");

    private final FileChannel channel;
    private final FileStatus status;

    private OpenFile(FileChannel channel, FileStatus status) {
        this.channel = channel;
        this.status = status;
    }

    /**
     * @throws RejectedFile if it is not a regular file, or was replaced while it was opened
     * @throws IOException if it can't be opened
     */
    static OpenFile at(Path path, LinkOption... options) throws IOException {
        // Before opening, because opening a named pipe blocks.
        FileStatus before = FileStatus.of(path, options);
        requireRegular(path, before);
        Set<OpenOption> reading = Stream.<OpenOption>concat(Stream.of(StandardOpenOption.READ), Stream.of(options))
                .collect(Collectors.toSet());
        FileChannel channel = FileChannel.open(path, reading);
        try {
            Path descriptor = descriptor(channel);
            FileStatus status =
                    FileStatus.of(descriptor == null ? path : descriptor, descriptor == null ? options : NONE);
            requireRegular(path, status);
            // If the system does not show the open file, the path must lead to the same file before and after.
            if (descriptor == null && !status.equals(before)) {
                throw new RejectedFile(
                        path.toString(), "another file replaced it while it was opened", "run the same command again");
            }
            return new OpenFile(channel, status);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static final LinkOption[] NONE = {};

    static void requireRegular(Path path, FileStatus status) throws RejectedFile {
        String file = path.toString();
        switch (status.kind()) {
            case REGULAR -> {}
            case DIRECTORY -> throw new RejectedFile(file, "it is a directory", "name a file in the directory");
            case LINK ->
                throw new RejectedFile(
                        file, "it is a symbolic link", "replace the link by the file, or name the target of the link");
            case OTHER ->
                throw new RejectedFile(file, "it is a named pipe, a socket or a device", "name a regular file");
        }
    }

    FileStatus status() {
        return status;
    }

    /**
     * The content.
     *
     * @param most maximum size in bytes
     * @return null if the file is larger
     */
    byte @Nullable [] content(int most) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        channel.position(0);
        while (channel.read(buffer) >= 0) {
            content.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            if (content.size() > most) {
                return null;
            }
        }
        return content.toByteArray();
    }

    /**
     * The {@code /proc} path of the descriptor of an open file, found by its file position: Java does not expose
     * descriptor numbers, but Linux shows the position of each descriptor. Null if there is none with that position,
     * or no {@code /proc}.
     */
    private static @Nullable Path descriptor(FileChannel channel) {
        try {
            // Positions after the end are allowed, and 2 GB are within the limit of every file system.
            long position = ThreadLocalRandom.current().nextLong(1L << 30, 1L << 31);
            channel.position(position);
            try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
                for (Path each : descriptors) {
                    if (positionOf(each) == position) {
                        return Path.of("/proc/self/fd")
                                .resolve(each.getFileName().toString());
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            // The same as if the directory did not exist.
        }
        return null;
    }

    private static long positionOf(Path descriptor) {
        try {
            // "pos:", a tab, and the number in the first line
            String first = Files.readString(descriptor).lines().findFirst().orElse("");
            return first.startsWith("pos:") ? Long.parseLong(first.substring(4).strip()) : -1;
        } catch (IOException | NumberFormatException e) {
            // The descriptor was closed meanwhile.
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
