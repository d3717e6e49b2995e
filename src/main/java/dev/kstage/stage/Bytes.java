package dev.kstage.stage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a key, a value or a header. They are shared, not copied: whoever holds the array must
 * not change it.
 */
public final class Bytes {
    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /** These bytes, which from now on must not change. */
    public static Bytes of(byte[] array) {
        return new Bytes(array);
    }

    /** The text in UTF-8. */
    public static Bytes of(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes themselves, not to be changed. */
    public byte[] array() {
        return array;
    }

    public int length() {
        return array.length;
    }

    /** The bytes read as UTF-8, with replacement characters where they are not. */
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
