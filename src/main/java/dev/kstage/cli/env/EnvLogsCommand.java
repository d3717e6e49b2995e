package dev.kstage.cli.env;

import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.cli.terminal.Interruption;
import dev.kstage.cli.terminal.Session;
import dev.kstage.env.EnvironmentDirectory;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The log of a broker. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"The log of a broker since it was last started.", ""},
        footer = {"", "Example:", "  kstage env logs --lines 200"})
final class EnvLogsCommand implements Callable<Integer> {
    private static final int PAUSE_MILLIS = 200;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "local",
            description = "Name of the environment (default: ${DEFAULT-VALUE}).")
    String name = "local";

    @Option(
            names = "--broker",
            paramLabel = "N",
            defaultValue = "1",
            description = "Which broker (default: ${DEFAULT-VALUE}).")
    int broker = 1;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "50",
            description = "How many of the last lines (default: ${DEFAULT-VALUE}).")
    int lines = 50;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is added, until interrupted.")
    boolean follow;

    @Mixin
    OutputOptions output = new OutputOptions();

    private final Session session;

    EnvLogsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        output.apply(session);
        Path log = EnvironmentDirectory.of(session.directories(), name).log(broker);
        if (!Files.exists(log)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "there is no log of broker " + broker + " of environment " + name,
                    "no such environment was started, or it has fewer brokers",
                    "`kstage env status` shows what there is");
        }
        printLast(log);
        if (follow) {
            followFrom(log);
        }
        return ExitCode.DONE;
    }

    private void printLast(Path log) throws IOException {
        Deque<String> last = new ArrayDeque<>();
        try (Stream<String> all = Files.lines(log, StandardCharsets.UTF_8)) {
            all.forEach(line -> {
                last.add(line);
                if (last.size() > Math.max(0, lines)) {
                    last.remove();
                }
            });
        }
        last.forEach(line -> session.screen().print(Text.harmless(line)));
    }

    private void followFrom(Path log) throws IOException, InterruptedException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r");
                Interruption.Scope asked = session.interruption().askFirst()) {
            file.seek(file.length());
            while (!session.interruption().getAsBoolean() && session.screen().isRead()) {
                String line;
                while ((line = file.readLine()) != null) {
                    session.screen().print(Text.harmless(line));
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }
}
