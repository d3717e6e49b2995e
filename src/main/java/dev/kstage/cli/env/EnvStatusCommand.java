package dev.kstage.cli.env;

import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.env.Environment;
import dev.kstage.env.EnvironmentStatus;
import dev.kstage.report.Failure;
import dev.kstage.report.Table;
import dev.kstage.report.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code env status}: lists the environments and whether they run. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Lists the environments and whether they run.", ""},
        footer = {"", "Examples:", "  kstage env status -o json", "  kstage env status --name local"})
final class EnvStatusCommand implements Callable<Integer> {
    /** An environment in the list; its components are the JSON keys. */
    record Listed(String name, String engine, String state, String bootstrapServers, List<Long> pids, String dataDir) {
        static Listed of(EnvironmentStatus status) {
            Environment environment = status.environment();
            return new Listed(
                    environment.name(),
                    environment.engine(),
                    status.state(),
                    environment.bootstrapServers(),
                    environment.nodes().stream()
                            .filter(node -> status.runningNodes().contains(node.id()))
                            .map(Environment.Node::pid)
                            .toList(),
                    (environment.stack() == null
                                    ? status.directory().data()
                                    : status.directory().compose())
                            .toString());
        }
    }

    /** The report; its components are the JSON keys. */
    record Listing(List<Listed> environments) {}

    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    EnvStatusCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        Listing listing = new Listing(statuses().stream().map(Listed::of).toList());
        output.report(context, listing, () -> lines(listing));
        return ExitCode.DONE;
    }

    private List<EnvironmentStatus> statuses() {
        if (environment.name == null) {
            return EnvironmentStatus.all(context.directories(), context.environment());
        }
        EnvironmentStatus status = EnvironmentStatus.named(
                        context.directories(), environment.name, context.environment())
                .orElseThrow(() -> new Failure(
                        Failure.Kind.USAGE,
                        "there is no environment " + environment.name,
                        "no environment of that name was started, or it was deleted",
                        "`kstage env status` shows all environments"));
        return List.of(status);
    }

    private static List<String> lines(Listing listing) {
        Table table = new Table("environment", "engine", "state", "bootstrap servers", "processes", "data");
        listing.environments()
                .forEach(each -> table.row(
                        each.name(),
                        each.engine(),
                        each.state(),
                        each.bootstrapServers(),
                        each.pids().isEmpty() ? "-" : each.pids().toString().replaceAll("[\\[\\]]", ""),
                        each.dataDir()));
        List<String> lines = new ArrayList<>(table.isEmpty() ? List.of() : table.lines("  "));
        lines.add(Text.plural(listing.environments().size(), "environment"));
        return lines;
    }
}
