package dev.kstage.cli.stage;

import dev.kstage.profile.Profile;
import dev.kstage.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How the child processes come to the cluster: by a file that nobody else may read, never by their arguments. */
final class ChaosProfile {
    private static final String NAME = "chaos";

    private ChaosProfile() {}

    /**
     * Writes it.
     *
     * @param session how long a group is to wait for a worker that is silent
     */
    static void write(Path file, Profile profile, Duration session) throws IOException {
        SortedMap<String, String> properties = new TreeMap<>(profile.properties());
        properties.put("session.timeout.ms", String.valueOf(session.toMillis()));
        properties.put("heartbeat.interval.ms", String.valueOf(session.toMillis() / 4));
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        // JSON is YAML.
        Files.writeString(file, Json.document(Map.of("default", NAME, "profiles", Map.of(NAME, properties))) + "\n");
    }
}
