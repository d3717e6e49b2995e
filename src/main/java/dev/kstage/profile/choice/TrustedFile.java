package dev.kstage.profile.choice;

import java.util.Objects;

/**
 * A file that the user has allowed to count where it is found.
 *
 * @param file its path, without links
 * @param sha256 of what it held then, in hexadecimal digits
 */
public record TrustedFile(String file, String sha256) {
    /** What became of it. */
    public enum Now {
        /** It holds what was allowed, and counts. */
        TRUSTED,
        /** It holds something else by now, or others can write it: it does not count. */
        CHANGED,
        /** It is not there any more. */
        GONE
    }

    public TrustedFile {
        Objects.requireNonNull(file);
        Objects.requireNonNull(sha256);
    }
}
