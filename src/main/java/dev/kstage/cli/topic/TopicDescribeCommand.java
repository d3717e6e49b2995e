package dev.kstage.cli.topic;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.admin.TopicReport;
import dev.kstage.kafka.client.ClientSettings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code topic describe}: describes a topic. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Describes a topic: partitions, offsets, sizes, configuration, and its consumer groups with their lag.",
            ""
        },
        footer = {
            "",
            "A number of records marked ~ may be too high: compaction and transactions leave offsets without a record.",
            "",
            "Examples:",
            "  kstage topic describe user_events",
            "  kstage topic describe user_events -o json | jq .groups"
        })
final class TopicDescribeCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "TOPIC",
            defaultValue = "user_events",
            description = "Default: ${DEFAULT-VALUE}.")
    String topic = "user_events";

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    TopicDescribeCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        ClientSettings settings = connection.settings(context);
        try (Cluster cluster = Cluster.connect(settings)) {
            TopicReport report = cluster.inspect(topic);
            output.report(context, report, () -> new TopicText(report).lines());
        }
        return ExitCode.DONE;
    }
}
