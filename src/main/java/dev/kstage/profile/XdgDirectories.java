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
public record XdgDirectories(Path config, Path state, Path cache) {
    /**
     * @param environment the environment variables; the specification lets relative paths in them be ignored
     * @param ofAccount the home that the user's account has, where {@code HOME} is not set
     */
    public static XdgDirectories of(Map<String, String> environment, Path ofAccount) {
        Path home = path(environment, "HOME", ofAccount);
        return new XdgDirectories(
                path(environment, "XDG_CONFIG_HOME", home.resolve(".config")).resolve("kstage"),
                path(environment, "XDG_STATE_HOME", home.resolve(".local/state"))
                        .resolve("kstage"),
                path(environment, "XDG_CACHE_HOME", home.resolve(".cache")).resolve("kstage"));
    }

    private static Path path(Map<String, String> environment, String variable, Path otherwise) {
        Path set = Path.of(environment.getOrDefault(variable, ""));
        return set.isAbsolute() ? set : otherwise;
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
