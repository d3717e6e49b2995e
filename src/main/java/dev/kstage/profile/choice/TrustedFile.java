package dev.kstage.profile.choice;

import java.util.Objects;

/**
 * A project file that the user has allowed.
 *
 * @param file its path, with links resolved
 * @param sha256 of the allowed content, in hexadecimal digits
 */
public record TrustedFile(String file, String sha256) {
    /** The current state of a trusted file. */
    public enum Now {
        /** It has the allowed content, and is used. */
        TRUSTED,
        /** Its content has changed, or others can write to it: it is not used. */
        CHANGED,
        /** It was deleted. */
        GONE
    }

    public TrustedFile {
        Objects.requireNonNull(file);
        Objects.requireNonNull(sha256);
    }
}
