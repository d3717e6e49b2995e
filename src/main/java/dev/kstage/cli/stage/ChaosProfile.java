package dev.kstage.cli.stage;

import dev.kstage.profile.Profile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Properties;

/** How the child processes come to the cluster: by a file that nobody else may read, never by their arguments. */
final class ChaosProfile {
    private ChaosProfile() {}

    /**
     * Writes it.
     *
     * @param file one whose name ends in {@code .properties}
     * @param session how long a group is to wait for a worker that is silent
     */
    static void write(Path file, Profile profile, Duration session) throws IOException {
        Properties properties = new Properties();
        properties.putAll(profile.properties());
        properties.setProperty("session.timeout.ms", String.valueOf(session.toMillis()));
        properties.setProperty("heartbeat.interval.ms", String.valueOf(session.toMillis() / 4));
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        // Java's format: what looks like a placeholder in a password is none there.
        try (OutputStream to = Files.newOutputStream(file)) {
            properties.store(to, null);
        }
    }
}
