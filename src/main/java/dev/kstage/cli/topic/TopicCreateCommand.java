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

/** {@code topic create}: creates a topic. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Creates a topic and waits until it can be used.", ""},
        footer = {"", "Example:", "  kstage topic create orders --partitions 6 --config cleanup.policy=compact"})
final class TopicCreateCommand implements Callable<Integer> {
    /** The report; its components are the JSON keys. */
    record Creation(String topic, String topicId, int partitions, boolean created) {}

    @Parameters(paramLabel = "TOPIC")
    String topic = "";

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Number of partitions; default: the" + " cluster's default.")
    @Nullable
    Integer partitions;

    @Option(
            names = "--replication",
            paramLabel = "N",
            description = "Replication factor; default: the cluster's default.")
    @Nullable
    Short replication;

    @Option(names = "--config", paramLabel = "KEY=VALUE", description = "Topic configuration. May be repeated.")
    Map<String, String> config = new LinkedHashMap<>();

    @Option(names = "--if-not-exists", description = "Do nothing if the topic already exists.")
    boolean ifNotExists;

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    TopicCreateCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        TopicName.requireWritable("cannot create topic " + topic, topic);
        try (Cluster cluster = Cluster.connect(connection.settings(context))) {
            Cluster.Created created =
                    cluster.create(topic, Optional.ofNullable(partitions), Optional.ofNullable(replication), config);
            if (!created.isNew() && !ifNotExists) {
                throw new Failure(
                        Failure.Kind.FAILED,
                        "cannot create topic " + topic,
                        "it already exists",
                        "see `kstage topic describe " + topic + "`, or add --if-not-exists");
            }
            Creation report =
                    new Creation(topic, created.topic().id(), created.topic().partitions(), created.isNew());
            output.report(
                    context,
                    report,
                    () -> List.of((created.isNew() ? "created " : "already exists: ") + Text.harmless(topic) + " with "
                            + Text.plural(report.partitions(), "partition")));
        }
        return ExitCode.DONE;
    }
}
