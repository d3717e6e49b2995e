package dev.kstage.cli;

import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.cli.terminal.Screen;
import dev.kstage.cli.terminal.SignalHandler;
import dev.kstage.env.ArchiveTrainingKafka;
import dev.kstage.profile.XdgDirectories;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Runs the most frequent commands, so that the JVM can write their classes to an archive. The launcher script starts
 * it once for each jar and JDK.
 */
@Command(name = "warm-up", hidden = true, description = "Runs the usual commands once to create a class archive.")
final class WarmUpCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "A directory that this command uses and then removes.")
    Path directory = Path.of("");

    @Override
    public Integer call() {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
        XdgDirectories directories =
                new XdgDirectories(directory.resolve("config"), directory.resolve("state"), directory.resolve("cache"));
        try (ArchiveTrainingKafka kafka = new ArchiveTrainingKafka(directories)) {
            String file = directories.state().resolve("out.jsonl").toString();
            for (List<String> command : List.of(
                    List.of("produce", "--count", "5000"),
                    List.of("consume", "--to", file),
                    List.of("consume", "-o", "json", "--from", "-5"),
                    List.of("topic", "describe"),
                    List.of("topic", "describe", "-o", "json"),
                    List.of("topic", "list"),
                    List.of("profile", "list"),
                    List.of("--help"))) {
                Kstage.run(silent(directories), command.toArray(String[]::new));
            }
        }
        return ExitCode.DONE;
    }

    private static CommandContext silent(XdgDirectories directories) {
        return new CommandContext(
                Map.of(),
                directories.state(),
                directories,
                InputStream.nullInputStream(),
                new Screen(OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), false, false, Map.of()),
                new SignalHandler(code -> {}));
    }
}
