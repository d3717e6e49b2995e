package dev.kstage;

import dev.kstage.cli.Kstage;
import dev.kstage.cli.terminal.Interruption;
import dev.kstage.cli.terminal.Screen;
import dev.kstage.cli.terminal.Session;
import dev.kstage.profile.Directories;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.Map;

/** The process: its real streams, its signals, its exit code. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Kstage.useOwnTemporaryDirectory();
        Interruption interruption = new Interruption(Runtime.getRuntime()::exit);
        Map<String, String> environment = System.getenv();
        Screen screen = new Screen(
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                Screen.isTerminal(1),
                Screen.isTerminal(2),
                environment);
        interruption.listen(doing -> screen.note(doing + "; press Ctrl-C again to stop immediately"));
        Session session = new Session(
                environment,
                Path.of("").toAbsolutePath(),
                Directories.of(environment, Path.of(System.getProperty("user.home"))),
                System.in,
                screen,
                interruption);
        Kstage.endWithParent();
        System.exit(Kstage.run(session, args));
    }
}
