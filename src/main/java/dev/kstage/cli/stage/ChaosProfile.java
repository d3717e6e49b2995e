package dev.kstage.cli.stage;

import dev.kstage.profile.Profile;
import dev.kstage.report.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the child processes come to the cluster: by a profile file that nobody else may read, and secrets by their
 * environment. So no secret is among their arguments, and none is left on disk when this process is killed.
 *
 * @param file the profile file
 * @param variables what the placeholders in it stand for
 */
record ChaosProfile(Path file, Map<String, String> variables) {
    private static final String VARIABLE = "KSTAGE_CHAOS_SECRET_";

    /**
     * Writes the file, which is one of kstage's own format: JSON is YAML.
     *
     * @param file one whose name ends in {@code .yaml}
     * @param session how long a group is to wait for a worker that is silent
     */
    static ChaosProfile write(Path file, Profile profile, Duration session) throws IOException {
        SortedMap<String, String> properties = new TreeMap<>();
        Map<String, String> variables = new LinkedHashMap<>();
        profile.properties().forEach((key, value) -> {
            // What looks like a placeholder may be none.
            if (profile.holdsSecret(key) || value.contains("${")) {
                String variable = VARIABLE + variables.size();
                variables.put(variable, value);
                properties.put(key, "${env:" + variable + "}");
            } else {
                properties.put(key, value);
            }
        });
        properties.put("session.timeout.ms", String.valueOf(session.toMillis()));
        properties.put("heartbeat.interval.ms", String.valueOf(session.toMillis() / 4));
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file, Json.document(Map.of("profiles", Map.of("chaos", properties))) + "\n", StandardCharsets.UTF_8);
        return new ChaosProfile(file, variables);
    }
}
