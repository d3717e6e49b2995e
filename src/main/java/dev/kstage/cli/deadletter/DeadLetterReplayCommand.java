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

/** Sends dead letters again, as they were before. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sends dead letters again, each once: key, value and headers as they were, to the partition that they"
                    + " came from, or to another topic by their key. Killed, it goes on when it is run again; later it sends"
                    + " what has come since, and leaves out what was sent there before, by whatever choice.",
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
    DestinationParameter place = new DestinationParameter();

    @Option(
            names = "--to",
            paramLabel = "TOPIC",
            description = "Where to send them, created if it is missing; default: the topic that they came from.")
    @Nullable
    String to;

    @Option(
            names = "--only",
            paramLabel = "PARTITION:OFFSET",
            converter = RecordLocation.Converter.class,
            description = "This one alone. May be repeated.")
    List<RecordLocation> only = List.of();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Those alone whose reason contains this text.")
    @Nullable
    String reason;

    @Option(
            names = "--run-id",
            paramLabel = "ID",
            description =
                    "The id by which later replays know what was sent; default: one that follows from the place and the"
                            + " topic. A new one sends letters once more.")
    @Nullable
    String runId;

    @Mixin
    DatabaseOptions database = new DatabaseOptions();

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final CommandContext session;

    DeadLetterReplayCommand(CommandContext session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        output.apply(session);
        long start = System.nanoTime();
        DestinationReaders places = new DestinationReaders(session, connection, database.access());
        DeadLetters letters = place.open(places);
        ReplaySelection asked = ReplaySelection.ofNow(letters, words(only), reason);
        requireAll(letters, asked);
        Set<String> from = asked.before().keySet();
        if (runId != null && to == null && from.size() > 1) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use --run-id",
                    "the letters came from " + from.size() + " topics, and a run sends to one",
                    "leave it out, or name one topic for all of them with --to");
        }
        List<ReplayReport.Target> targets = new ArrayList<>();
        if (to != null && !from.isEmpty()) {
            targets.add(run(places, letters, asked, to));
        } else {
            for (String topic : from) {
                targets.add(run(places, letters, asked.alone(topic), topic));
            }
        }
        long time = Duration.ofNanos(System.nanoTime() - start).toMillis();
        long count = targets.stream().mapToLong(ReplayReport.Target::letters).sum();
        ReplayReport report = new ReplayReport("dead-letter replay", letters.place(), count, time, targets);
        output.report(session, report, report::lines);
        return ExitCode.DONE;
    }

    private ReplayReport.Target run(
            DestinationReaders places, DeadLetters letters, ReplaySelection asked, String topic) {
        String id = runId != null ? runId : "dead-letters-" + hash(letters.identity() + "\n" + topic);
        TopicName.requireWritable("cannot replay to topic " + topic, topic);
        Topic target = to == null ? places.topic(topic) : topicOrNew(places, topic);
        return new ReplayRun(session, places, letters, target, id, to == null).run(asked);
    }

    private Topic topicOrNew(DestinationReaders places, String name) {
        try (Cluster cluster = Cluster.connect(places.settings())) {
            new TransactionSupport(cluster).require("cannot replay dead letters");
            return cluster.topic(name).orElseGet(() -> {
                Topic created = cluster.create(name, Optional.empty(), Optional.empty(), Map.of())
                        .topic();
                session.screen()
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

    private void requireAll(DeadLetters letters, ReplaySelection asked) {
        if (only.isEmpty()) {
            return;
        }
        Set<RecordLocation> missing = new HashSet<>(only);
        letters.forEach(each -> {
            if (asked.has(each)) {
                missing.remove(RecordLocation.of(each.letter().record()));
            }
        });
        if (!missing.isEmpty()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "there is no dead letter " + missing.iterator().next() + " in " + letters.place(),
                    "none that is chosen has this partition and offset",
                    "`kstage dead-letter list` shows those that are there");
        }
    }
}
