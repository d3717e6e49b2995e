package dev.kstage.sink.directory;

import dev.kstage.sink.disk.DurableFiles;
import dev.kstage.sink.disk.LineBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A file of lines in staging, with its digest. */
final class StagedFile implements WritableByteChannel {
    private final FileChannel channel;
    private final MessageDigest digest;
    private Path path;
    private long lines;
    private long bytes;

    StagedFile(Path path) throws IOException {
        this.path = path;
        digest = digest();
        channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JRE has SHA-256", e);
        }
    }

    /** The digest of an existing file; equal to the digest of {@link #seal}. */
    static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            while (channel.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Writes the whole buffer. */
    @Override
    public int write(ByteBuffer source) throws IOException {
        int length = source.remaining();
        digest.update(source.duplicate());
        DurableFiles.writeAll(channel, source);
        bytes += length;
        return length;
    }

    void add(LineBuffer buffer, long more) throws IOException {
        buffer.writeTo(this);
        lines += more;
    }

    /**
     * Syncs and closes the file, gives it its final name in staging, and describes it with its later published path.
     */
    CommitRecord.Segment seal(Path last, String inView) throws IOException {
        channel.force(true);
        channel.close();
        Files.move(path, last, StandardCopyOption.ATOMIC_MOVE);
        path = last;
        return new CommitRecord.Segment(inView, lines, bytes, HexFormat.of().formatHex(digest.digest()));
    }

    void delete() throws IOException {
        channel.close();
        Files.deleteIfExists(path);
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
