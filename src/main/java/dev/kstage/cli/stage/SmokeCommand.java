package dev.kstage.cli.stage;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.option.Readiness;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.cli.terminal.Interruption;
import dev.kstage.cli.terminal.ProgressLine;
import dev.kstage.cli.terminal.Session;
import dev.kstage.env.EmbeddedKafka;
import dev.kstage.kafka.ClientSettings;
import dev.kstage.profile.Connection;
import dev.kstage.report.Failure;
import dev.kstage.report.Meter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.OptionalInt;
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
            "  kstage smoke -b localhost:29092 --count 100000 --junit smoke.xml"
        })
public final class SmokeCommand implements Callable<Integer> {
    private static final String NAME_PREFIX = "smoke-";

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many events (default: ${DEFAULT-VALUE}).")
    int count = 10_000;

    @Option(names = "--seed", paramLabel = "N", description = "Which events; default: chosen at random and reported.")
    @Nullable
    Long seed;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "3",
            description = "Partitions of the topic (default: ${DEFAULT-VALUE}).")
    int partitions = 3;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the checks as JUnit XML to this file.")
    @Nullable
    Path junit;

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final Session session;

    public SmokeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        output.apply(session);
        if (count < 1 || partitions < 1) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use --count or --partitions",
                    "it is below 1",
                    "give it a number from 1");
        }
        if (junit != null) {
            OutputOptions.requireWritable(junit);
        }
        SmokeReport report;
        try (Interruption.Scope asked = session.interruption().askFirst()) {
            report = ConnectionOptions.connections(session).isExplicit(connection.choice())
                    ? run(connection.settings(session))
                    : runOnTemporaryKafka();
        }
        output.report(session, report, report::lines);
        if (junit != null) {
            OutputOptions.writeFile(junit, report.junit());
        }
        return report.hasPassed() ? ExitCode.DONE : ExitCode.CHECK;
    }

    private SmokeReport run(ClientSettings settings) {
        long chosen = seed != null ? seed : new SecureRandom().nextInt(1_000_000);
        return new SmokeRun(session, settings, count, chosen, partitions).run();
    }

    private SmokeReport runOnTemporaryKafka() {
        EmbeddedKafka.deleteDead(session.directories(), NAME_PREFIX);
        String name = NAME_PREFIX + UUID.randomUUID().toString().substring(0, 8);
        EmbeddedKafka kafka = new EmbeddedKafka(
                session.directories(), name, false, Readiness.unlessInterrupted(session.interruption(), "no verdict"));
        try {
            EmbeddedKafka.Running running = start(kafka);
            Connection temporary = new Connection(
                    running.environment().profile().with(connection.choice().overrides()), "a temporary Kafka");
            session.screen().note("using " + temporary.profile().bootstrapServers() + " (" + temporary.why() + ")");
            return run(connection.settings(session, temporary));
        } finally {
            kafka.down(true);
        }
    }

    private EmbeddedKafka.Running start(EmbeddedKafka kafka) {
        Meter meter = new Meter();
        meter.waitingFor("a temporary Kafka to answer");
        try (ProgressLine progress = session.screen().progress("smoke", meter, false)) {
            return kafka.up(new EmbeddedKafka.Request(OptionalInt.of(1), OptionalInt.of(0)));
        }
    }
}
