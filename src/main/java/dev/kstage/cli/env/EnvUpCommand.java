package dev.kstage.cli.env;

import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.option.Readiness;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.cli.terminal.ProgressLine;
import dev.kstage.cli.terminal.SignalHandler;
import dev.kstage.env.EmbeddedKafka;
import dev.kstage.profile.choice.CurrentProfile;
import dev.kstage.report.StageProgress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code env up}: starts a local Kafka. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts a local Kafka in the background and makes it the current profile."
                    + " It does nothing if that Kafka already runs with these options. A Kafka that was stopped"
                    + " or killed"
                    + " starts again with its data.",
            "",
            "With --engine compose it runs in containers. The tool is docker compose 2, docker-compose 1.29 or podman"
                    + " compose, or what KSTAGE_COMPOSE names. Other containers reach Kafka at kafka:9092. The compose"
                    + " files are written to the environment's directory on each start. Variables such as"
                    + " KSTAGE_KAFKA_IMAGE replace an image, and variables such as KSTAGE_UI_PORT a port.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kstage env up",
            "  kstage env up --name trio --brokers 3 --port 0",
            "  kstage env up --engine compose --name stack --with ui,airflow"
        })
final class EnvUpCommand implements Callable<Integer> {
    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Mixin
    EngineOptions engine = new EngineOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    EnvUpCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        String name = environment.orLocal();
        StageProgress progress = new StageProgress();
        progress.waitingFor("Kafka to respond");
        EngineOptions.Start start = engine.start(
                context,
                name,
                new ComposeProgress(context, progress),
                Readiness.unlessInterrupted(context.interruption(), "Kafka \"" + name + "\" was not started"));
        EmbeddedKafka.Running running;
        try (SignalHandler.Scope asked = context.interruption().askFirst("stopping the start of Kafka");
                ProgressLine line = context.screen().progress("env up " + name, progress, false)) {
            running = start.up();
        }
        new CurrentProfile(name, running.directory().profileFile().toString(), "env up").write(context.directories());
        EnvReport report = EnvReport.of(running);
        output.report(
                context,
                report,
                () -> report.lines(running.wasRunning(), running.environment().stack(), context.environment()));
        return ExitCode.DONE;
    }
}
