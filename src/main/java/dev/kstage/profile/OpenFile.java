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

/** A regular file that is open, with the status of what is open, whatever its path leads to by now. */
final class OpenFile implements Closeable {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fdinfo");

    private final FileChannel channel;
    private final FileStatus status;

    private OpenFile(FileChannel channel, FileStatus status) {
        this.channel = channel;
        this.status = status;
    }

    /**
     * @throws RejectedFile if it is no regular file, or another one was put in its place meanwhile
     * @throws IOException if it can't be opened
     */
    static OpenFile at(Path path, LinkOption... options) throws IOException {
        // Before it is opened: to open a named pipe waits for somebody who writes to it.
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
            // Where the system does not show what is open, the path has to lead to one file before and after.
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
     * What it holds.
     *
     * @param most bytes
     * @return null if it holds more
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
     * The descriptor of an open file, by its position: Java tells no number, and Linux tells the position of
     * each one. Null where there is none with that position, or the system has no such files.
     */
    private static @Nullable Path descriptor(FileChannel channel) {
        try {
            // Positions behind the end are allowed, and 2 GB are within the limit of each file system.
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
            // As without it.
        }
        return null;
    }

    private static long positionOf(Path descriptor) {
        try {
            // "pos:", a tab, and the number in the first line
            String first = Files.readString(descriptor).lines().findFirst().orElse("");
            return first.startsWith("pos:") ? Long.parseLong(first.substring(4).strip()) : -1;
        } catch (IOException | NumberFormatException e) {
            // Closed meanwhile.
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
