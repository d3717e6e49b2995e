package dev.kstage.cli.terminal;

import dev.kstage.profile.XdgDirectories;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * The process as a command sees it; tests replace it.
 *
 * @param environment the environment variables
 * @param workingDirectory absolute
 * @param directories the directories of kstage's files
 * @param input standard input
 * @param screen all output
 * @param interruption the signals
 */
public record CommandContext(
        Map<String, String> environment,
        Path workingDirectory,
        XdgDirectories directories,
        InputStream input,
        Screen screen,
        SignalHandler interruption) {
    /** What relative paths of the command line are resolved against: empty where the process does that itself. */
    public Path base() {
        return workingDirectory.equals(Path.of("").toAbsolutePath()) ? Path.of("") : workingDirectory;
    }
}
