package dev.kstage.cli.deadletter;

import dev.kstage.cli.option.ConnectionOptions;
import dev.kstage.cli.option.DatabaseOptions;
import dev.kstage.cli.option.OutputOptions;
import dev.kstage.cli.option.StoredPlaces;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.cli.terminal.Session;
import dev.kstage.report.Failure;
import dev.kstage.stage.DeadLetters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
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
            "Sends dead letters again, each once: key, value and headers as they were, to the partition that they",
            "came from, or to another topic by their key. Killed, it goes on when it is run again; finished, it",
            "does nothing more.",
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
    LetterPlace place = new LetterPlace();

    @Option(
            names = "--to",
            paramLabel = "TOPIC",
            description = "Where to send them; default: the topic that they came from.")
    @Nullable
    String to;

    @Option(
            names = "--only",
            paramLabel = "PARTITION:OFFSET",
            converter = Coordinates.Converter.class,
            description = "This one alone. May be repeated.")
    List<Coordinates> only = List.of();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Those alone whose reason contains this text.")
    @Nullable
    String reason;

    @Option(
            names = "--run-id",
            paramLabel = "ID",
            description = {
                "The id of the run, by which another attempt knows what was sent; default: one that follows from the",
                "place, the topic, --only and --reason. A new one sends them once more."
            })
    @Nullable
    String runId;

    @Mixin
    DatabaseOptions database = new DatabaseOptions();

    @Mixin
    ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    private final Session session;

    DeadLetterReplayCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        output.apply(session);
        long start = System.nanoTime();
        StoredPlaces places = new StoredPlaces(session, connection, database.access());
        DeadLetters letters = place.open(places);
        SortedMap<String, Long> topics = topics(letters);
        if (runId != null && to == null && topics.size() > 1) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use --run-id",
                    "the letters came from " + topics.size() + " topics, and a run sends to one",
                    "leave it out, or name one topic for all of them with --to");
        }
        List<ReplayReport.Target> targets = new ArrayList<>();
        if (to != null && !topics.isEmpty()) {
            targets.add(run(places, letters, chosen(), to));
        } else {
            for (String topic : topics.keySet()) {
                targets.add(
                        run(places, letters, chosen().and(each -> each.topic().equals(topic)), topic));
            }
        }
        long time = Duration.ofNanos(System.nanoTime() - start).toMillis();
        long count = topics.values().stream().mapToLong(Long::longValue).sum();
        ReplayReport report = new ReplayReport("dead-letter replay", letters.place(), count, time, targets);
        output.report(session, report, report::lines);
        return ExitCode.DONE;
    }

    private ReplayReport.Target run(
            StoredPlaces places, DeadLetters letters, Predicate<DeadLetters.Kept> chosen, String topic) {
        String identity = letters.identity() + "\n" + topic + "\n" + only + "\n" + reason;
        boolean keepsPartitions = to == null;
        return new ReplayRun(session, places, letters, chosen, runId).run(topic, keepsPartitions, identity);
    }

    /** How many are chosen of each topic. */
    private SortedMap<String, Long> topics(DeadLetters letters) {
        Predicate<DeadLetters.Kept> chosen = chosen();
        SortedMap<String, Long> topics = new TreeMap<>();
        Set<Coordinates> missing = new HashSet<>(only);
        letters.forEach(each -> {
            if (chosen.test(each)) {
                topics.merge(each.topic(), 1L, Long::sum);
                missing.remove(Coordinates.of(each.letter().record()));
            }
        });
        if (!missing.isEmpty()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "there is no dead letter " + missing.iterator().next() + " in " + letters.place(),
                    "none that is chosen has this partition and offset",
                    "`kstage dead-letter list` shows those that are there");
        }
        return topics;
    }

    private Predicate<DeadLetters.Kept> chosen() {
        Set<Coordinates> wanted = Set.copyOf(only);
        String text = reason;
        return each -> (wanted.isEmpty()
                        || wanted.contains(Coordinates.of(each.letter().record())))
                && (text == null || each.letter().reason().contains(text));
    }
}
