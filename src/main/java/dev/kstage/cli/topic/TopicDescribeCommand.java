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

/** A topic in one picture. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "A topic in one picture: partitions, offsets, sizes, configuration, and the groups that read it.",
            ""
        },
        footer = {
            "",
            "A number of records marked ~ may be too high: compaction and transactions leave offsets without one.",
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

    private final CommandContext session;

    TopicDescribeCommand(CommandContext session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        output.apply(session);
        ClientSettings settings = connection.settings(session);
        try (Cluster cluster = Cluster.connect(settings)) {
            TopicReport report = cluster.inspect(topic);
            output.report(session, report, () -> new TopicText(report).lines());
        }
        return ExitCode.DONE;
    }
}
