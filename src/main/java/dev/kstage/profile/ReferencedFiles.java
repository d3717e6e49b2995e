package dev.kstage.profile;

import dev.kstage.report.Failure;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;

/**
 * Checks the files that a profile names for Kafka clients. A file that never ends would block a client without a
 * limit.
 */
public final class ReferencedFiles {
    // A trust store with all public CAs is smaller.
    private static final long MOST = 16L << 20;
    private static final String URL = "file:";
    private static final Set<String> KEYS = Set.of(
            "ssl.truststore.location",
            "ssl.keystore.location",
            "sasl.oauthbearer.assertion.file",
            "sasl.oauthbearer.assertion.private.key.file",
            "sasl.oauthbearer.assertion.template.file");

    private ReferencedFiles() {}

    /** @throws Failure if a file is not a regular file, or is too large */
    public static void check(Profile profile) {
        profile.properties().forEach((key, value) -> {
            try {
                if (KEYS.contains(key)) {
                    check(value);
                } else if (key.endsWith(".url") && value.startsWith(URL)) {
                    check(value.substring(URL.length()).replaceFirst("^//(localhost)?(?=/)", ""));
                }
            } catch (RejectedFile e) {
                throw new Failure(
                        Failure.Kind.USAGE,
                        "cannot use \"" + key + "\" of profile \"" + profile.name() + "\"",
                        e.getFile() + ": " + e.getReason(),
                        e.remedy());
            }
        });
    }

    /**
     * @throws RejectedFile if it is not a regular file, or is too large; the client itself reports a missing file
     */
    public static void check(String file) throws RejectedFile {
        try {
            Path path = Path.of(file);
            FileStatus status = FileStatus.of(path);
            OpenFile.requireRegular(path, status);
            if (status.size() > MOST) {
                throw new RejectedFile(file, "it is larger than 16 MB", "name a file with nothing else in it");
            }
        } catch (InvalidPathException e) {
            throw new RejectedFile(file, "this system does not allow that file name", "correct the file name");
        } catch (RejectedFile e) {
            throw e;
        } catch (IOException e) {
            // Treated like a missing file.
        }
    }
}
