package dev.kstage.profile;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where kstage keeps its files, by the XDG Base Directory Specification 0.8; each ends in {@code
 * kstage}.
 *
 * @param config what the user writes
 * @param state environments, their data and logs, the current profile
 * @param cache what can be made again
 */
public record Directories(Path config, Path state, Path cache) {
    /**
     * @param environment the environment variables
     * @param home the user's home, where the variables are not set; the specification lets relative
     *     paths in them be ignored
     */
    public static Directories of(Map<String, String> environment, Path home) {
        return new Directories(
                directory(environment, "XDG_CONFIG_HOME", home.resolve(".config")),
                directory(environment, "XDG_STATE_HOME", home.resolve(".local/state")),
                directory(environment, "XDG_CACHE_HOME", home.resolve(".cache")));
    }

    private static Path directory(Map<String, String> environment, String variable, Path otherwise) {
        String set = environment.getOrDefault(variable, "");
        Path base = set.startsWith("/") ? Path.of(set) : otherwise;
        return base.resolve("kstage");
    }

    /** The user's own profile file; it need not exist. */
    public Path profileFile() {
        return config.resolve("kstage.yaml");
    }

    /** Where the environments live, a directory each, named after them. */
    public Path environments() {
        return state.resolve("env");
    }
}
