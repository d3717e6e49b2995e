package dev.kstage.profile;

import java.nio.file.Path;
import java.util.Map;

/**
 * The directories of kstage's files, by the XDG Base Directory Specification 0.8; each ends in {@code kstage}.
 *
 * @param config files that the user writes
 * @param state environments with data and logs, the current profile
 * @param cache files that can be created again
 */
public record XdgDirectories(Path config, Path state, Path cache) {
    /**
     * @param environment the environment variables; relative paths in them are ignored, as the specification says
     * @param ofAccount the home directory of the account, if {@code HOME} is not set
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

    /** The user's own profile file; it may not exist. */
    public Path profileFile() {
        return config.resolve("kstage.yaml");
    }

    /** The directory of all environments; each has a subdirectory with its name. */
    public Path environments() {
        return state.resolve("env");
    }
}
