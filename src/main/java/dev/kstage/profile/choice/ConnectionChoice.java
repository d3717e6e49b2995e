package dev.kstage.profile.choice;

import dev.kstage.profile.Profile;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connection options of the command line.
 *
 * @param bootstrapServer {@code -b}
 * @param profile {@code -p}
 * @param profileFile {@code --profile-file}
 * @param overrides {@code -X}, client properties that override all others
 */
public record ConnectionChoice(
        @Nullable String bootstrapServer,
        @Nullable String profile,
        @Nullable Path profileFile,
        Map<String, String> overrides) {
    /** The servers that the user named, or null; {@code -X} overrides {@code -b}. */
    @Nullable
    String server() {
        return overrides.getOrDefault(Profile.BOOTSTRAP_SERVERS, bootstrapServer);
    }

    /** The option that named the servers. */
    String serverOption() {
        return overrides.containsKey(Profile.BOOTSTRAP_SERVERS) ? "-X " + Profile.BOOTSTRAP_SERVERS : "-b";
    }
}
