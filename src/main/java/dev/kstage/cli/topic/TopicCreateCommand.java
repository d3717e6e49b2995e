package dev.kstage.cli.topic;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.TopicName;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Creates a topic. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Creates a topic, and returns when it can be used.", ""},
        footer = {"", "Example:", "  kstage topic create orders --partitions 6 --config cleanup.policy=compact"})
final class TopicCreateCommand implements Callable<Integer> {
    /** The report: the keys of its JSON. */
    record Creation(String topic, String topicId, int partitions, boolean created) {}

    @Parameters(paramLabel = "TOPIC")
    String topic = "";

    @Option(names = "--partitions", paramLabel = "N", description = "Default: the cluster's.")
    @Nullable
    Integer partitions;

    @Option(
            names = "--replication",
            paramLabel = "N",
            description = "Copies of each partition; default: the cluster's.")
    @Nullable
    Short replication;

    @Option(names = "--config", paramLabel = "KEY=VALUE", description = "Configuration of the topic. May be repeated.")
    Map<String, String> config = new LinkedHashMap<>();

    @Option(names = "--if-not-exists", description = "Done if it is there already.")
    boolean ifNotExists;

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext session;

    TopicCreateCommand(CommandContext session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        output.apply(session);
        TopicName.requireWritable("cannot create topic " + topic, topic);
        try (Cluster cluster = Cluster.connect(connection.settings(session))) {
            Cluster.Created created =
                    cluster.create(topic, Optional.ofNullable(partitions), Optional.ofNullable(replication), config);
            if (!created.isNew() && !ifNotExists) {
                throw new Failure(
                        Failure.Kind.FAILED,
                        "cannot create topic " + topic,
                        "it is there already",
                        "look at it with `kstage topic describe " + topic + "`, or add --if-not-exists");
            }
            Creation report =
                    new Creation(topic, created.topic().id(), created.topic().partitions(), created.isNew());
            output.report(
                    session,
                    report,
                    () -> List.of((created.isNew() ? "created " : "there already: ") + Text.harmless(topic) + " with "
                            + Text.plural(report.partitions(), "partition")));
        }
        return ExitCode.DONE;
    }
}
