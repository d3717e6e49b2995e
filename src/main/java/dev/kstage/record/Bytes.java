package dev.kstage.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a key, a value or a header. They are shared, not copied, so nobody may change the array. */
public final class Bytes {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long LOWEST_BITS = 0x0101010101010101L;
    private static final long HIGHEST_BITS = LOWEST_BITS << 7;

    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /** Wraps this array, which must not change from now on. */
    public static Bytes of(byte[] array) {
        return new Bytes(array);
    }

    /** The UTF-8 bytes of a text. */
    public static Bytes of(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The wrapped array, not a copy; it must not be changed. */
    public byte[] array() {
        return array;
    }

    public int length() {
        return array.length;
    }

    /** Whether all bytes are ASCII and not zero, as in most texts. */
    public boolean isPlain() {
        int at = 0;
        for (; at + Long.BYTES <= array.length; at += Long.BYTES) {
            long eight = (long) EIGHT_BYTES.get(array, at);
            // Where no highest bit is set, the subtraction sets one only by borrowing for a zero.
            if (((eight | (eight - LOWEST_BITS)) & HIGHEST_BITS) != 0) {
                return false;
            }
        }
        for (; at < array.length; at++) {
            if (array[at] <= 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the bytes contain {@code wanted}. */
    public boolean contains(byte wanted) {
        long pattern = LOWEST_BITS * (wanted & 0xff);
        int at = 0;
        for (; at + Long.BYTES <= array.length; at += Long.BYTES) {
            long zeroWhereWanted = (long) EIGHT_BYTES.get(array, at) ^ pattern;
            if (((zeroWhereWanted - LOWEST_BITS) & ~zeroWhereWanted & HIGHEST_BITS) != 0) {
                return true;
            }
        }
        for (; at < array.length; at++) {
            if (array[at] == wanted) {
                return true;
            }
        }
        return false;
    }

    /** The bytes decoded as UTF-8, with replacement characters for invalid bytes. */
    @Override
    public String toString() {
        return new String(array, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }
}
