package dev.kstage.cli.topic;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.admin.TopicSummary;
import dev.kstage.report.Table;
import dev.kstage.report.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code topic list}: lists the topics of a cluster. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Lists the topics of a cluster.", ""},
        footer = {"", "Example:", "  kstage topic list -b localhost:29092"})
final class TopicListCommand implements Callable<Integer> {
    /** The report; its component is the JSON key. */
    record Listing(List<TopicSummary> topics) {}

    @Option(names = "--internal", description = "Also list Kafka's internal topics.")
    boolean internal;

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    TopicListCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        try (Cluster cluster = Cluster.connect(connection.settings(context))) {
            Listing listing = new Listing(cluster.topics(internal));
            output.report(context, listing, () -> lines(listing));
        }
        return ExitCode.DONE;
    }

    private static List<String> lines(Listing listing) {
        Table table = new Table("topic", ">partitions", ">replication", ">under-replicated");
        listing.topics()
                .forEach(topic ->
                        table.row(topic.topic(), topic.partitions(), topic.replication(), topic.underReplicated()));
        List<String> lines = new ArrayList<>(table.isEmpty() ? List.of() : table.lines("  "));
        lines.add(Text.plural(listing.topics().size(), "topic"));
        return lines;
    }
}
