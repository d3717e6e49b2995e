package dev.kstage.sink.disk;

import dev.kstage.record.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/** Collects lines, to write many of them at once. */
public final class LineBuffer {
    private byte[] buffer = new byte[1 << 17];
    private int length;

    /**
     * Adds a value and a line feed. A line feed inside a JSON text can only be white space between tokens, so it
     * becomes a space: same value, one line.
     */
    public void addLine(Bytes line) {
        byte[] value = line.array();
        if (buffer.length - length <= value.length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + value.length + 1));
        }
        System.arraycopy(value, 0, buffer, length, value.length);
        if (line.contains((byte) '\n')) {
            for (int at = length; at < length + value.length; at++) {
                if (buffer[at] == '\n') {
                    buffer[at] = ' ';
                }
            }
        }
        length += value.length;
        buffer[length++] = '\n';
    }

    public int length() {
        return length;
    }

    public void writeTo(OutputStream output) throws IOException {
        output.write(buffer, 0, length);
        length = 0;
    }

    /** Writes everything and returns the number of bytes. */
    public int writeTo(WritableByteChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        int written = length;
        length = 0;
        return written;
    }

    public void clear() {
        length = 0;
    }
}
