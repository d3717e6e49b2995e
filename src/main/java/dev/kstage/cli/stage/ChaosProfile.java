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
 * The connection of the child processes: a private profile file, with secrets in environment variables. So no secret
 * is in their arguments, and none stays on disk after a kill.
 *
 * @param file the profile file
 * @param variables values of the placeholders in the file
 */
record ChaosProfile(Path file, Map<String, String> variables) {
    private static final String VARIABLE = "KSTAGE_CHAOS_SECRET_";

    /**
     * Writes the file in kstage's own format, as JSON, which is valid YAML.
     *
     * @param file a name that ends in {@code .yaml}
     * @param session the session timeout of the consumer group
     */
    static ChaosProfile write(Path file, Profile profile, Duration session) throws IOException {
        SortedMap<String, String> properties = new TreeMap<>();
        Map<String, String> variables = new LinkedHashMap<>();
        profile.properties().forEach((key, value) -> {
            // A value that looks like a placeholder must not become one.
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
