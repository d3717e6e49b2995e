package dev.kstage.cli;

import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.Screen;
import dev.kstage.cli.terminal.SignalHandler;
import dev.kstage.profile.XdgDirectories;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A command line that was run within this process.
 *
 * @param code its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record CommandLineRun(int code, String out, String err) {
    /**
     * Runs it.
     *
     * @param home where everything of kstage is, and the working directory
     * @param variables environment variables
     */
    static CommandLineRun of(Path home, Map<String, String> variables, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Kstage.run(session(home, variables, out, err), arguments);
        return new CommandLineRun(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** What a command sees of a process with this home and these streams. */
    static CommandContext session(Path home, Map<String, String> variables, OutputStream out, OutputStream err) {
        Map<String, String> environment = new TreeMap<>(variables);
        environment.put("HOME", home.toString());
        return new CommandContext(
                environment,
                home,
                XdgDirectories.of(environment, home),
                InputStream.nullInputStream(),
                new Screen(out, err, false, false, environment),
                new SignalHandler(code -> {}));
    }
}
