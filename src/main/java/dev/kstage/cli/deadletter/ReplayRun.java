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
 * Sends dead-letter records to a topic, each once over all replays of that destination to that topic. The replays are
 * runs numbered from 1. The checkpoint of each run stores its selection, so the next run leaves out those records.
 */
final class ReplayRun {
    // Kafka limits the metadata of an offset to 4,096 bytes, and it contains more than the selection.
    private static final int LONGEST_SELECTION = 3_000;

    private final CommandContext context;
    private final DestinationReaders readers;
    private final DeadLetters deadLetters;
    private final Topic topic;
    private final String id;
    private final boolean keepsPartitions;
    private final StageProgress progress = new StageProgress();
    private final List<ReplaySelection> done = new ArrayList<>();
    private long sentNow;
    private boolean warned;

    /**
     * @param topic the target
     * @param id the prefix of the run ids
     * @param keepsPartitions whether each record goes to its original partition
     */
    ReplayRun(
            CommandContext context,
            DestinationReaders readers,
            DeadLetters deadLetters,
            Topic topic,
            String id,
            boolean keepsPartitions) {
        this.context = context;
        this.readers = readers;
        this.deadLetters = deadLetters;
        this.topic = topic;
        this.id = id;
        this.keepsPartitions = keepsPartitions;
    }

    /**
     * @param asked the records to send, unless they were sent before
     * @throws Failure if the run can't continue; what was committed before stays
     */
    ReplayReport.Target run(ReplaySelection asked) {
        long count = count(asked);
        while (true) {
            String runId = id + "-" + (done.size() + 1);
            Optional<GroupProgress.OfRun> known = GroupProgress.findRun(readers.settings(), topic, runId);
            ReplaySelection selection = known.isPresent() ? selection(runId, known.get()) : asked;
            try (DeadLetterSource source = new DeadLetterSource(deadLetters, unsent(selection), keepsPartitions)) {
                if (known.isEmpty() && source.count() == 0) {
                    return target(count, count);
                }
                ResumableRun run = new ResumableRun(
                        runId, Map.of("dead letters", source.digest(), ResumableRun.LETTERS, text(selection)));
                if (known.isPresent()) {
                    requireSameDeadLetters(run, known.get());
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
        deadLetters.forEach(kept -> count[0] += asked.has(kept) ? 1 : 0);
        return count[0];
    }

    private ReplayReport.Target target(long count, long sent) {
        return new ReplayReport.Target(topic.name(), id, count, sent, sentNow, sentNow == 0 && sent == count);
    }

    private Predicate<DeadLetters.Kept> unsent(ReplaySelection selection) {
        List<ReplaySelection> sent = List.copyOf(done);
        return kept -> selection.has(kept) && sent.stream().noneMatch(each -> each.has(kept));
    }

    private static ReplaySelection selection(String runId, GroupProgress.OfRun known) {
        ReplaySelection selection = ReplaySelection.of(known.parameters().getOrDefault(ResumableRun.LETTERS, ""));
        if (selection == null) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "run " + runId + " is not a replay",
                    "another command or another release of kstage started it",
                    "choose another --run-id");
        }
        return selection;
    }

    private String text(ReplaySelection selection) {
        String text = selection.text();
        if (text.length() > LONGEST_SELECTION) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot record which dead-letter records are sent",
                    "there are too many partitions, or too many --only options",
                    "replay fewer records at a time, for example with --reason");
        }
        return text;
    }

    private void requireSameDeadLetters(ResumableRun run, GroupProgress.OfRun known) {
        if (!known.hasBeenGiven(run.parameters())) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "the dead-letter records of " + deadLetters.place() + " have changed since the last replay",
                    "some records of run " + run.id() + " were changed or deleted",
                    "restore them; or use a new --run-id NAME to send all existing records, even if they were"
                            + " sent before");
        }
    }

    private void requireSameQuestion(ReplaySelection begun, ReplaySelection asked) {
        if (!begun.asksTheSame(asked)) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "an earlier replay to " + topic.name() + " is not finished",
                    "it had other options: "
                            + (begun.words().isEmpty() ? "neither --only nor --reason" : begun.words()),
                    "run that replay again first, so that each record is sent once");
        }
    }

    /** Returns how many records were not sent because of an interruption. */
    private long send(ResumableRun run, DeadLetterSource source) {
        progress.goal(source.count());
        try (ResumableTopicSink sink = sink(run);
                ProgressLine line = context.screen().progress("replay to " + topic.name(), progress, false);
                SignalHandler.Scope asked = context.interruption().askFirst()) {
            long before = sink.delivered().records();
            StopReason reason = new Stage(
                            source, Transform.NONE, sink, StopRules.AT_END, progress, context.interruption())
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
        ClientSettings settings = readers.settings();
        try (Cluster cluster = Cluster.connect(settings)) {
            new TransactionSupport(cluster).require("cannot replay dead-letter records");
            if (!warned) {
                warned = true;
                new TransactionSupport(cluster).warning().ifPresent(context.screen()::warn);
            }
            cluster.requireLeaders(topic, OptionalInt.empty());
            return new ResumableTopicSink(
                    settings,
                    run,
                    topic,
                    null,
                    RecordRules.of(cluster, topic.name()),
                    record -> "the dead-letter record of offset " + record.offset(),
                    null,
                    null,
                    RunHistory.of(cluster, run, topic),
                    progress,
                    context.interruption());
        }
    }
}
