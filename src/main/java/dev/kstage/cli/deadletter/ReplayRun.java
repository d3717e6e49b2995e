package dev.kstage.cli.deadletter;

import dev.kstage.cli.option.DestinationReaders;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ProgressLine;
import dev.kstage.cli.terminal.SignalHandler;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.exactlyonce.GroupProgress;
import dev.kstage.kafka.exactlyonce.ResumableRun;
import dev.kstage.kafka.exactlyonce.ResumableTopicSink;
import dev.kstage.kafka.exactlyonce.RunHistory;
import dev.kstage.kafka.producer.RecordRules;
import dev.kstage.kafka.transaction.TransactionSupport;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.source.DeadLetterSource;
import dev.kstage.stage.DeadLetters;
import dev.kstage.stage.Stage;
import dev.kstage.stage.StopReason;
import dev.kstage.stage.StopRules;
import dev.kstage.stage.Transform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Sends dead letters to a topic, each once over all replays of that place to it. The replays are runs
 * numbered from 1; the checkpoint of each says which letters it was about, so those of the ones before
 * are left out of the next.
 */
final class ReplayRun {
    // Kafka takes 4,096 bytes of metadata with an offset, and there is more to keep.
    private static final int LONGEST_SELECTION = 3_000;

    private final CommandContext session;
    private final DestinationReaders places;
    private final DeadLetters letters;
    private final Topic topic;
    private final String id;
    private final boolean keepsPartitions;
    private final StageProgress meter = new StageProgress();
    private final List<ReplaySelection> done = new ArrayList<>();
    private long sentNow;
    private boolean warned;

    /**
     * @param topic where to
     * @param id what the ids of its runs start with
     * @param keepsPartitions whether each letter goes to the partition that it came from
     */
    ReplayRun(
            CommandContext session,
            DestinationReaders places,
            DeadLetters letters,
            Topic topic,
            String id,
            boolean keepsPartitions) {
        this.session = session;
        this.places = places;
        this.letters = letters;
        this.topic = topic;
        this.id = id;
        this.keepsPartitions = keepsPartitions;
    }

    /**
     * @param asked the letters to send, unless they were sent before
     * @throws Failure what it could not go on from; everything committed before it stays
     */
    ReplayReport.Target run(ReplaySelection asked) {
        long count = count(asked);
        while (true) {
            String runId = id + "-" + (done.size() + 1);
            Optional<GroupProgress.OfRun> known = GroupProgress.findRun(places.settings(), topic, runId);
            ReplaySelection selection = known.isPresent() ? selection(runId, known.get()) : asked;
            try (DeadLetterSource source = new DeadLetterSource(letters, unsent(selection), keepsPartitions)) {
                if (known.isEmpty() && source.count() == 0) {
                    return target(count, count);
                }
                ResumableRun run = new ResumableRun(
                        runId, Map.of("dead letters", source.digest(), ResumableRun.LETTERS, text(selection)));
                if (known.isPresent()) {
                    requireSameLetters(run, known.get());
                }
                if (known.isEmpty() || !known.get().finished()) {
                    requireSameQuestion(selection, asked);
                    long left = send(run, source);
                    if (left > 0) {
                        return target(count, count - left);
                    }
                }
            }
            done.add(selection);
        }
    }

    private long count(ReplaySelection asked) {
        long[] count = {0};
        letters.forEach(letter -> count[0] += asked.has(letter) ? 1 : 0);
        return count[0];
    }

    private ReplayReport.Target target(long count, long sent) {
        return new ReplayReport.Target(topic.name(), id, count, sent, sentNow, sentNow == 0 && sent == count);
    }

    private Predicate<DeadLetters.Kept> unsent(ReplaySelection selection) {
        List<ReplaySelection> sent = List.copyOf(done);
        return letter -> selection.has(letter) && sent.stream().noneMatch(each -> each.has(letter));
    }

    private static ReplaySelection selection(String runId, GroupProgress.OfRun known) {
        ReplaySelection selection = ReplaySelection.of(known.parameters().getOrDefault(ResumableRun.LETTERS, ""));
        if (selection == null) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "run " + runId + " is no replay of dead letters",
                    "it was begun by another command, or another release of kstage",
                    "choose another --run-id");
        }
        return selection;
    }

    private String text(ReplaySelection selection) {
        String text = selection.text();
        if (text.length() > LONGEST_SELECTION) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot note which letters are sent",
                    "they are of too many partitions, or too many are named one by one",
                    "send fewer at a time, as with --only or --reason");
        }
        return text;
    }

    private void requireSameLetters(ResumableRun run, GroupProgress.OfRun known) {
        if (!known.hasBeenGiven(run.parameters())) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "the dead letters of " + letters.place() + " are not those that were sent before",
                    "of those that run " + run.id() + " was about, some are changed or gone",
                    "bring them back, or send those that are there, whether sent before or not, with --run-id NAME");
        }
    }

    private void requireSameQuestion(ReplaySelection begun, ReplaySelection asked) {
        if (!begun.asksTheSame(asked)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "an earlier replay to " + topic.name() + " has not come to its end",
                    "it was asked for with other options: "
                            + (begun.words().isEmpty() ? "neither --only nor --reason" : begun.words()),
                    "run that one again first, so that each letter is sent once");
        }
    }

    /** Gives how many letters were not sent, because the user has interrupted it. */
    private long send(ResumableRun run, DeadLetterSource source) {
        meter.goal(source.count());
        try (ResumableTopicSink sink = sink(run);
                ProgressLine progress = session.screen().progress("replay to " + topic.name(), meter, false);
                SignalHandler.Scope asked = session.interruption().askFirst()) {
            long before = sink.delivered().records();
            StopReason reason = new Stage(source, Transform.NONE, sink, StopRules.AT_END, meter, session.interruption())
                    .run()
                    .stoppedBecause();
            if (reason != StopReason.INTERRUPTED) {
                sink.finish();
            }
            sentNow += sink.delivered().records() - before;
            return source.count() - sink.delivered().records();
        }
    }

    private ResumableTopicSink sink(ResumableRun run) {
        ClientSettings settings = places.settings();
        try (Cluster cluster = Cluster.connect(settings)) {
            new TransactionSupport(cluster).require("cannot replay dead letters");
            if (!warned) {
                warned = true;
                new TransactionSupport(cluster).warning().ifPresent(session.screen()::warn);
            }
            cluster.requireLeaders(topic, OptionalInt.empty());
            return new ResumableTopicSink(
                    settings,
                    run,
                    topic,
                    null,
                    RecordRules.of(cluster, topic.name()),
                    record -> "the dead letter of offset " + record.offset(),
                    null,
                    null,
                    RunHistory.of(cluster, run, topic),
                    meter,
                    session.interruption());
        }
    }
}
