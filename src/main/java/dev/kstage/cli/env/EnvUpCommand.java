package dev.kstage.cli.env;

import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.option.Readiness;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.cli.terminal.Interruption;
import dev.kstage.cli.terminal.ProgressLine;
import dev.kstage.cli.terminal.Session;
import dev.kstage.env.EmbeddedKafka;
import dev.kstage.profile.CurrentProfile;
import dev.kstage.report.Failure;
import dev.kstage.report.Meter;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a local Kafka. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts a local Kafka that outlives this command and its terminal, and makes it the current profile."
                    + " Does nothing if it runs already; brings it back with its data if it was stopped or killed.",
            ""
        },
        footer = {"", "Examples:", "  kstage env up", "  kstage env up --name trio --brokers 3 --port 0"})
final class EnvUpCommand implements Callable<Integer> {
    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "local",
            description = "Name of the environment and its profile (default: ${DEFAULT-VALUE}).")
    String name = "local";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the first broker, 0 for a free one (default: 29092). One that is stopped can be"
                    + " brought back at another.")
    @Nullable
    Integer port;

    @Option(names = "--brokers", paramLabel = "N", description = "Brokers that replicate: 1 or 3 (default: 1).")
    @Nullable
    Integer brokers;

    @Mixin
    OutputOptions output = new OutputOptions();

    private final Session session;

    EnvUpCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        output.apply(session);
        if (port != null && (port < 0 || port > 65_533)) {
            throw new Failure(
                    Failure.Kind.USAGE, "cannot use --port " + port, "ports go from 0 to 65533 here", "choose another");
        }
        if (brokers != null && brokers != 1 && brokers != 3) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use --brokers " + brokers,
                    "one broker, or three that can outvote one that fails",
                    "use --brokers 1 or --brokers 3");
        }
        EmbeddedKafka.Request request = new EmbeddedKafka.Request(optional(brokers), optional(port));
        EmbeddedKafka kafka = new EmbeddedKafka(
                session.directories(),
                name,
                true,
                Readiness.unlessInterrupted(session.interruption(), "Kafka \"" + name + "\" was not started"));
        Meter meter = new Meter();
        meter.waitingFor("Kafka to answer");
        EmbeddedKafka.Running running;
        try (Interruption.Scope asked = session.interruption().askFirst();
                ProgressLine progress = session.screen().progress("env up " + name, meter, false)) {
            running = kafka.up(request);
        }
        new CurrentProfile(name, running.directory().profileFile().toString(), "env up").write(session.directories());
        EnvReport report = EnvReport.of(running);
        output.report(session, report, () -> report.lines(running.wasRunning()));
        return ExitCode.DONE;
    }

    private static OptionalInt optional(@Nullable Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
