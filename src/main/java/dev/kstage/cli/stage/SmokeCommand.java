package dev.kstage.cli.stage;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.cli.terminal.SignalHandler;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.profile.choice.Connection;
import dev.kstage.report.Failure;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code smoke}: runs both stages and verifies the result. */
@Command(
        name = "smoke",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs both stages and verifies the result.",
            "",
            "It generates every event again from the seed and compares it with the stored events. The exit code is 3"
                    + " if a check fails.",
            "",
            "It starts a temporary Kafka, unless an option or an environment variable names a cluster. The"
                    + " current profile and the profile files are not used. Topic, group and files are"
                    + " removed at the end.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kstage smoke",
            "  kstage smoke -b localhost:29092 --count 100000 --junit smoke.xml",
            "  kstage smoke --chaos --rounds 20 --seed 7"
        })
public final class SmokeCommand implements Callable<Integer> {
    private static final int COUNT = 10_000;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "Number of events (default: " + COUNT + "; with --chaos 20000 per round).")
    @Nullable
    Integer count;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the events and of the faults of --chaos; default: random, see the report.")
    @Nullable
    Long seed;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "3",
            description = "Partitions of the topic (default: ${DEFAULT-VALUE}).")
    int partitions = 3;

    @Option(
            names = "--junit",
            paramLabel = "FILE",
            description = "Write the checks as JUnit XML to this file (a link is replaced, not followed).")
    @Nullable
    Path junit;

    @Mixin
    ChaosOptions chaos = new ChaosOptions();

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    public SmokeCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        chaos.check();
        if ((count != null && count < 1) || partitions < 1) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use --count or --partitions",
                    "it is below 1",
                    "use a number of at least 1");
        }
        if (junit != null) {
            OutputOptions.requireWritable(junit);
        }
        try (SignalHandler.Scope asked = context.interruption().askFirst("stopping the smoke test")) {
            if (ConnectionOptions.connections(context).isExplicit(connection.choice())) {
                Connection chosen = connection.choose(context);
                context.screen().note("using " + chosen.profile().bootstrapServers() + " (" + chosen.why() + ")");
                return run(chosen, null);
            }
            try (TemporaryKafka kafka = new TemporaryKafka(context)) {
                return run(kafka.connection(connection.choice()), kafka);
            }
        }
    }

    private int run(Connection cluster, @Nullable TemporaryKafka temporary) {
        ClientSettings settings = connection.settings(context, cluster);
        long chosen = seed != null ? seed : new SecureRandom().nextInt(1_000_000);
        if (chaos.chaos) {
            ChaosRequest request = chaos.request(chosen, count, partitions);
            ChaosReport report = new ChaosRun(context, settings, cluster.profile(), directory(temporary), request)
                    .run(temporary == null ? null : temporary.kafka());
            if (temporary != null && !report.hasPassed()) {
                temporary.keep();
            }
            output.report(context, report, report::lines);
            return finish(report.hasPassed(), report.junit(context.screen()::redacted));
        }
        SmokeReport report = new SmokeRun(context, settings, count == null ? COUNT : count, chosen, partitions).run();
        output.report(context, report, report::lines);
        return finish(report.hasPassed(), report.junit(context.screen()::redacted));
    }

    private Path directory(@Nullable TemporaryKafka temporary) {
        return temporary != null
                ? temporary.directory()
                : context.directories()
                        .state()
                        .resolve("smoke")
                        .resolve("chaos-" + UUID.randomUUID().toString().substring(0, 8));
    }

    private int finish(boolean passed, String xml) {
        if (junit != null) {
            OutputOptions.writeFile(junit, xml);
        }
        return passed ? ExitCode.DONE : ExitCode.CHECK;
    }
}
