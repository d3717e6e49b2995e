package dev.kstage.profile.choice;

import dev.kstage.profile.Profile;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the user said on the command line about where to connect.
 *
 * @param bootstrapServer {@code -b}
 * @param profile {@code -p}
 * @param profileFile {@code --profile-file}
 * @param overrides {@code -X}, client properties that win over all others
 */
public record ConnectionChoice(
        @Nullable String bootstrapServer,
        @Nullable String profile,
        @Nullable Path profileFile,
        Map<String, String> overrides) {
    /** The servers that the user named, or null; {@code -X} wins over {@code -b} here as everywhere. */
    @Nullable
    String server() {
        return overrides.getOrDefault(Profile.BOOTSTRAP_SERVERS, bootstrapServer);
    }

    /** The option that named them. */
    String serverOption() {
        return overrides.containsKey(Profile.BOOTSTRAP_SERVERS) ? "-X " + Profile.BOOTSTRAP_SERVERS : "-b";
    }
}
