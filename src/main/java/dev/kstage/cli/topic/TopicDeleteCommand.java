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

/** Deletes a topic. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Deletes a topic with all its records, and returns when its name is free again.", ""},
        footer = {"", "Example:", "  kstage topic delete orders -p local"})
final class TopicDeleteCommand implements Callable<Integer> {
    /** The report: the keys of its JSON. */
    record Deletion(String topic, boolean deleted) {}

    @Parameters(paramLabel = "TOPIC")
    String topic = "";

    @Option(names = "--if-exists", description = "Done if there is no such topic.")
    boolean ifExists;

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext session;

    TopicDeleteCommand(CommandContext session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        output.apply(session);
        TopicName.requireWritable("cannot delete topic " + topic, topic);
        if (topic.startsWith("__")) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot delete topic " + topic,
                    "it is one that Kafka keeps for itself",
                    "if it must go, Kafka's own tools delete it");
        }
        try (Cluster cluster = Cluster.connect(connection.settings(session))) {
            boolean there = !ifExists || cluster.topic(topic).isPresent();
            if (there) {
                cluster.delete(topic);
            }
            output.report(
                    session,
                    new Deletion(topic, there),
                    () -> List.of((there ? "deleted " : "there is no ") + Text.harmless(topic)));
        }
        return ExitCode.DONE;
    }
}
