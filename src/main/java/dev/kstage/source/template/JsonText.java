package dev.kstage.source.template;

import dev.kstage.record.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A reusable buffer for ASCII text; it creates no String per event. */
final class JsonText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] buffer = new byte[512];
    private int length;

    JsonText clear() {
        length = 0;
        return this;
    }

    JsonText add(byte[] ascii) {
        if (buffer.length - length < ascii.length + 32) {
            buffer = Arrays.copyOf(buffer, 2 * (buffer.length + ascii.length));
        }
        System.arraycopy(ascii, 0, buffer, length, ascii.length);
        length += ascii.length;
        return this;
    }

    /** Appends a number of at least 0 with at least {@code digits} digits; at most 19 digits. */
    JsonText number(long number, int digits) {
        int width = digits;
        for (long rest = number / power(digits); rest > 0; rest /= 10) {
            width++;
        }
        long rest = number;
        for (int at = length + width - 1; at >= length; at--) {
            buffer[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += width;
        return this;
    }

    /** Appends the lowest {@code digits} hexadecimal digits; at most 16 digits. */
    JsonText hex(long number, int digits) {
        for (int digit = digits - 1; digit >= 0; digit--) {
            buffer[length++] = HEX[(int) (number >>> (4 * digit)) & 15];
        }
        return this;
    }

    JsonText add(char ascii) {
        buffer[length++] = (byte) ascii;
        return this;
    }

    Bytes bytes() {
        return Bytes.of(Arrays.copyOf(buffer, length));
    }

    private static long power(int digits) {
        long power = 1;
        for (int i = 0; i < digits; i++) {
            power *= 10;
        }
        return power;
    }
}
