package dev.kstage.cli.topic;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.TopicName;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code topic delete}: deletes a topic. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Deletes a topic with all its records and waits until its name can be used again.", ""},
        footer = {"", "Example:", "  kstage topic delete orders -p local"})
final class TopicDeleteCommand implements Callable<Integer> {
    /** The report; its components are the JSON keys. */
    record Deletion(String topic, boolean deleted) {}

    @Parameters(paramLabel = "TOPIC")
    String topic = "";

    @Option(names = "--if-exists", description = "Do nothing if the topic does not exist.")
    boolean ifExists;

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    TopicDeleteCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        TopicName.requireWritable("cannot delete topic " + topic, topic);
        if (topic.startsWith("__")) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot delete topic " + topic,
                    "it is an internal topic of Kafka",
                    "use Kafka's own tools to delete an internal topic");
        }
        try (Cluster cluster = Cluster.connect(connection.settings(context))) {
            boolean there = !ifExists || cluster.topic(topic).isPresent();
            if (there) {
                cluster.delete(topic);
            }
            output.report(
                    context,
                    new Deletion(topic, there),
                    () -> List.of((there ? "deleted " : "there is no ") + Text.harmless(topic)));
        }
        return ExitCode.DONE;
    }
}
