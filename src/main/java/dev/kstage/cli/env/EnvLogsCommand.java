package dev.kstage.cli.env;

import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.cli.terminal.SignalHandler;
import dev.kstage.env.ComposeKafka;
import dev.kstage.env.ComposeLog;
import dev.kstage.env.ComposeStack;
import dev.kstage.env.Environment;
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
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code env logs}: prints the log of a broker or of another service. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Prints the log of a broker since its last start, or of a service in a container.", ""},
        footer = {"", "Examples:", "  kstage env logs --lines 200", "  kstage env logs --service ui --follow"})
final class EnvLogsCommand implements Callable<Integer> {
    private static final int PAUSE_MILLIS = 200;

    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Option(
            names = "--broker",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of the broker (default: ${DEFAULT-VALUE}).")
    int broker = 1;

    @Option(
            names = "--service",
            paramLabel = "NAME",
            description =
                    "Service of --engine compose: kafka, zookeeper, ui, airflow or postgres (default:" + " kafka).")
    @Nullable
    String service;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "50",
            description = "How many lines, counted from the end (default: ${DEFAULT-VALUE}).")
    int lines = 50;

    @Option(
            names = {"-f", "--follow"},
            description = "Print new lines until interrupted.")
    boolean follow;

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    EnvLogsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        output.apply(context);
        String name = environment.orLocal();
        if (service != null || ComposeKafka.ENGINE.equals(Environment.engineOf(context.directories(), name))) {
            showContainer(name, service == null ? ComposeStack.KAFKA : service);
            return ExitCode.DONE;
        }
        Path log = EnvironmentDirectory.of(context.directories(), name).log(broker);
        if (!Files.exists(log)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "there is no log of broker " + broker + " of environment " + name,
                    "the environment was not started, or it has fewer brokers",
                    "`kstage env status` shows all environments");
        }
        printLast(log);
        if (follow) {
            followFrom(log);
        }
        return ExitCode.DONE;
    }

    private void showContainer(String name, String of) throws InterruptedException {
        ComposeLog log = new ComposeLog(context.directories(), name, context.environment(), of);
        Consumer<String> show = line -> context.screen().print(Text.harmless(line));
        if (!follow) {
            log.last(Math.max(0, lines), show);
            return;
        }
        try (SignalHandler.Scope asked = context.interruption().askFirst("stopping")) {
            log.follow(
                    Math.max(0, lines),
                    show,
                    () -> context.interruption().getAsBoolean()
                            || !context.screen().isRead());
        }
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
        last.forEach(line -> context.screen().print(Text.harmless(line)));
    }

    private void followFrom(Path log) throws IOException, InterruptedException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r");
                SignalHandler.Scope asked = context.interruption().askFirst("stopping")) {
            file.seek(file.length());
            while (!context.interruption().getAsBoolean() && context.screen().isRead()) {
                String line;
                while ((line = file.readLine()) != null) {
                    context.screen().print(Text.harmless(line));
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }
}
