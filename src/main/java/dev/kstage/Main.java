package dev.kstage;

import dev.kstage.cli.Kstage;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.cli.terminal.Screen;
import dev.kstage.cli.terminal.SignalHandler;
import dev.kstage.profile.XdgDirectories;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** The process: its real streams, signals and exit code. */
public final class Main {
    // Created in advance, because there may be no memory later.
    private static final byte[] OUT_OF_MEMORY = """
            kstage: internal error
              why: not enough memory for details
              try: give Java more memory: set JAVA_TOOL_OPTIONS=-Xmx2g or higher
            """.getBytes(StandardCharsets.UTF_8);

    private Main() {}

    public static void main(String[] args) {
        System.exit(codeOf(args));
    }

    private static int codeOf(String[] args) {
        try {
            Kstage.useOwnTemporaryDirectory();
            CommandContext context = context();
            Thread.setDefaultUncaughtExceptionHandler((thread, e) -> endAfter(context, e));
            Kstage.endWithParent();
            return Kstage.run(context, args);
        } catch (Throwable e) {
            return report(e);
        }
    }

    private static CommandContext context() {
        SignalHandler interruption = new SignalHandler(Runtime.getRuntime()::exit);
        Map<String, String> environment = System.getenv();
        Screen screen = new Screen(
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                Screen.isTerminal(1),
                Screen.isTerminal(2),
                environment);
        interruption.listen(doing -> screen.note(doing + "; press Ctrl-C again to stop immediately"));
        return new CommandContext(
                environment,
                Path.of("").toAbsolutePath(),
                XdgDirectories.of(environment, Path.of(System.getProperty("user.home"))),
                System.in,
                screen,
                interruption);
    }

    /** Reports a failure before the command context exists. */
    private static int report(Throwable e) {
        try {
            Screen screen = new Screen(
                    OutputStream.nullOutputStream(), new FileOutputStream(FileDescriptor.err), false, false, Map.of());
            return Kstage.failed(screen, e);
        } catch (Throwable again) {
            return reportOutOfMemory();
        }
    }

    /** Other threads may wait for the thread that has ended, so the process ends too. What is committed stays. */
    private static void endAfter(CommandContext context, Throwable e) {
        int code;
        try {
            code = Kstage.failed(context.screen(), e);
        } catch (Throwable again) {
            code = reportOutOfMemory();
        }
        Runtime.getRuntime().exit(code);
    }

    private static int reportOutOfMemory() {
        try (FileOutputStream err = new FileOutputStream(FileDescriptor.err)) {
            err.write(OUT_OF_MEMORY);
        } catch (Throwable e) {
            // Only the exit code can report it.
            return ExitCode.FAILED;
        }
        return ExitCode.FAILED;
    }
}
