package dev.kstage.cli.deadletter;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.DatabaseOptions;
import dev.kstage.cli.option.DestinationReaders;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.client.TopicName;
import dev.kstage.kafka.transaction.TransactionSupport;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import dev.kstage.stage.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dead-letter replay}: sends dead-letter records again, unchanged. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sends dead-letter records again, each once. Key, value and headers are unchanged. Without --to they go to"
                    + " their own topic and partition; with --to the key decides the partition. After a kill, the same"
                    + " command continues. A later replay sends only records that no replay has sent to that"
                    + " topic before.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kstage dead-letter replay out.jsonl",
            "  kstage dead-letter replay out/ --to orders-repaired --reason 'not JSON'",
            "  kstage dead-letter replay kafka:clean --only 2:1234 --only 0:77"
        })
final class DeadLetterReplayCommand implements Callable<Integer> {
    @Mixin
    DestinationParameter destination = new DestinationParameter();

    @Option(
            names = "--to",
            paramLabel = "TOPIC",
            description = "Topic to send to; it is created if it is missing. Default: the original topic of"
                    + " each record.")
    @Nullable
    String to;

    @Option(
            names = "--only",
            paramLabel = "PARTITION:OFFSET",
            converter = RecordLocation.Converter.class,
            description = "Replay this record only. May be repeated.")
    List<RecordLocation> only = List.of();

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "Replay only records whose reason contains" + " this text.")
    @Nullable
    String reason;

    @Option(
            names = "--run-id",
            paramLabel = "ID",
            description = "Id of the replay; later replays use it to find what was sent. Default: derived from"
                    + " destination and"
                    + " topic. A new id sends the records once more.")
    @Nullable
    String runId;

    @Mixin
    DatabaseOptions database = new DatabaseOptions();

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext context;

    DeadLetterReplayCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        output.apply(context);
        long start = System.nanoTime();
        DestinationReaders readers = new DestinationReaders(context, connection, database.access());
        DeadLetters deadLetters = destination.open(readers);
        ReplaySelection asked = ReplaySelection.ofNow(deadLetters, words(only), reason);
        requireAll(deadLetters, asked);
        Set<String> from = asked.before().keySet();
        if (runId != null && to == null && from.size() > 1) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use --run-id",
                    "the records came from " + from.size() + " topics, and a run sends to one topic",
                    "leave out --run-id, or name one topic for all records with --to");
        }
        List<ReplayReport.Target> targets = new ArrayList<>();
        if (to != null && !from.isEmpty()) {
            targets.add(run(readers, deadLetters, asked, to));
        } else {
            for (String topic : from) {
                targets.add(run(readers, deadLetters, asked.alone(topic), topic));
            }
        }
        long time = Duration.ofNanos(System.nanoTime() - start).toMillis();
        long count = targets.stream().mapToLong(ReplayReport.Target::letters).sum();
        ReplayReport report = new ReplayReport("dead-letter replay", deadLetters.place(), count, time, targets);
        output.report(context, report, report::lines);
        return ExitCode.DONE;
    }

    private ReplayReport.Target run(
            DestinationReaders readers, DeadLetters deadLetters, ReplaySelection asked, String topic) {
        String id = runId != null ? runId : "dead-letters-" + hash(deadLetters.identity() + "\n" + topic);
        TopicName.requireWritable("cannot replay to topic " + topic, topic);
        Topic target = to == null ? readers.topic(topic) : topicOrNew(readers, topic);
        return new ReplayRun(context, readers, deadLetters, target, id, to == null).run(asked);
    }

    private Topic topicOrNew(DestinationReaders readers, String name) {
        try (Cluster cluster = Cluster.connect(readers.settings())) {
            new TransactionSupport(cluster).require("cannot replay dead-letter records");
            return cluster.topic(name).orElseGet(() -> {
                Topic created = cluster.create(name, Optional.empty(), Optional.empty(), Map.of())
                        .topic();
                context.screen()
                        .note("created topic " + name + " with " + Text.plural(created.partitions(), "partition"));
                return created;
            });
        }
    }

    private static String hash(String identity) {
        return UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static List<String> words(List<RecordLocation> only) {
        return only.stream().map(RecordLocation::toString).toList();
    }

    private void requireAll(DeadLetters deadLetters, ReplaySelection asked) {
        if (only.isEmpty()) {
            return;
        }
        Set<RecordLocation> missing = new HashSet<>(only);
        deadLetters.forEach(each -> {
            if (asked.has(each)) {
                missing.remove(RecordLocation.of(each.deadLetter().record()));
            }
        });
        if (!missing.isEmpty()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "there is no dead-letter record " + missing.iterator().next() + " in " + deadLetters.place(),
                    "no selected record has this partition and offset",
                    "`kstage dead-letter list` shows all dead-letter records");
        }
    }
}
