package dev.kstage.cli.env;

import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.option.Readiness;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.env.ComposeKafka;
import dev.kstage.env.EmbeddedKafka;
import dev.kstage.env.Environment;
import dev.kstage.report.Text;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code env down}: stops a local Kafka. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Stops a local Kafka. Its data stays for the next `env up`, unless --delete is given. Containers are"
                    + " removed, but their volumes stay.",
            ""
        },
        footer = {"", "Example:", "  kstage env down --delete"})
final class EnvDownCommand implements Callable<Integer> {
    /** The report; its components are the JSON keys. */
    record Stopped(String name, boolean existed, int stopped, boolean deleted) {}

    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Option(names = "--delete", description = "Also delete its data (with volumes), its logs and its profile.")
    boolean delete;

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    EnvDownCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        String name = environment.orLocal();
        boolean contained = ComposeKafka.ENGINE.equals(Environment.engineOf(context.directories(), name));
        int stopped = contained
                ? new ComposeKafka(context.directories(), name, context.environment(), Readiness.OF_KAFKA).down(delete)
                : new EmbeddedKafka(context.directories(), name, true, Readiness.OF_KAFKA).down(delete);
        Stopped report = new Stopped(name, stopped >= 0, Math.max(0, stopped), delete && stopped >= 0);
        output.report(context, report, () -> List.of(line(report, contained ? "container" : "broker")));
        return ExitCode.DONE;
    }

    private static String line(Stopped report, String what) {
        if (!report.existed()) {
            return "there is no Kafka \"" + report.name() + "\"";
        }
        return "Kafka \"" + report.name() + "\" "
                + (report.stopped() == 0
                        ? "was not running"
                        : "is down, " + Text.plural(report.stopped(), what) + " stopped")
                + (report.deleted() ? ", its data deleted" : ", its data kept");
    }
}
