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

/** Both stages with a verdict. */
@Command(
        name = "smoke",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs both stages and gives a verdict.",
            "",
            "Every event is made again from its seed and compared with what the consumer stored. Exit code 3 if"
                    + " the verdict is that it does not hold.",
            "",
            "It runs on a temporary Kafka of its own unless a flag or an environment variable names a cluster; the"
                    + " current profile and the profile files are not looked at. Topic, group and files are removed after.",
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
            description = "How many events (default: " + COUNT + "; of --chaos 20000 in each round).")
    @Nullable
    Integer count;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Which events, and what is done to the stages; default: chosen at random and reported.")
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

    private final CommandContext session;

    public SmokeCommand(CommandContext session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        output.apply(session);
        chaos.check();
        if ((count != null && count < 1) || partitions < 1) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use --count or --partitions",
                    "it is below 1",
                    "give it a number from 1");
        }
        if (junit != null) {
            OutputOptions.requireWritable(junit);
        }
        try (SignalHandler.Scope asked = session.interruption().askFirst("ending the smoke test")) {
            if (ConnectionOptions.connections(session).isExplicit(connection.choice())) {
                Connection chosen = connection.choose(session);
                session.screen().note("using " + chosen.profile().bootstrapServers() + " (" + chosen.why() + ")");
                return run(chosen, null);
            }
            try (TemporaryKafka kafka = new TemporaryKafka(session)) {
                return run(kafka.connection(connection.choice()), kafka);
            }
        }
    }

    private int run(Connection cluster, @Nullable TemporaryKafka temporary) {
        ClientSettings settings = connection.settings(session, cluster);
        long chosen = seed != null ? seed : new SecureRandom().nextInt(1_000_000);
        if (chaos.chaos) {
            ChaosRequest request = chaos.request(chosen, count, partitions);
            ChaosReport report = new ChaosRun(session, settings, cluster.profile(), directory(temporary), request)
                    .run(temporary == null ? null : temporary.kafka());
            if (temporary != null && !report.hasPassed()) {
                temporary.keep();
            }
            output.report(session, report, report::lines);
            return finish(report.hasPassed(), report.junit(session.screen()::redacted));
        }
        SmokeReport report = new SmokeRun(session, settings, count == null ? COUNT : count, chosen, partitions).run();
        output.report(session, report, report::lines);
        return finish(report.hasPassed(), report.junit(session.screen()::redacted));
    }

    private Path directory(@Nullable TemporaryKafka temporary) {
        return temporary != null
                ? temporary.directory()
                : session.directories()
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
