package dev.kstage.cli.stage;

import dev.kstage.cli.option.Destination;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ProgressLine;
import dev.kstage.cli.terminal.SignalHandler;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.GroupMembership;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.consumer.ConsumerGroup;
import dev.kstage.kafka.consumer.KafkaSource;
import dev.kstage.record.Origin;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.report.Text;
import dev.kstage.sink.console.ConsoleSink;
import dev.kstage.sink.directory.SegmentDirectorySink;
import dev.kstage.sink.file.FileSink;
import dev.kstage.sink.jdbc.JdbcSink;
import dev.kstage.stage.Sink;
import dev.kstage.stage.Stage;
import dev.kstage.stage.Transform;
import dev.kstage.transform.JsonCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Stage 2: stores a topic in the requested destination. */
final class ConsumeRun {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    private static final Duration QUIET = Duration.ofSeconds(5);

    private final CommandContext context;
    private final ClientSettings settings;
    private ConsumeRequest request;
    private final StageProgress progress = new StageProgress();

    ConsumeRun(CommandContext context, ClientSettings settings, ConsumeRequest request) {
        this.context = context;
        this.settings = settings;
        this.request = request;
    }

    /**
     * @param atFailure receives what was stored before a failure that came after the start
     * @throws Failure if the run can't continue; what was committed before stays
     */
    ConsumeReport run(Consumer<ConsumeReport> atFailure) {
        try {
            return store();
        } catch (FailedRun failed) {
            try {
                atFailure.accept(failed.report());
            } catch (Failure unreported) {
                // For example the same full disk: the first failure is reported, and sets the exit code.
                context.screen().warn(unreported.what() + ": " + unreported.why());
            }
            throw failed.failure();
        }
    }

    private ConsumeReport store() {
        Destination to = request.store().to();
        try (ProgressLine line = context.screen()
                .progress("consume " + request.topic(), progress, to instanceof Destination.StandardOutput)) {
            Topic topic = topic();
            topic.warning().ifPresent(context.screen()::warn);
            if (to instanceof Destination.OneFile file) {
                return intoFile(topic, file);
            }
            if (to instanceof Destination.Directory directory) {
                return intoDirectory(topic, directory);
            }
            if (to instanceof Destination.Database database) {
                return intoDatabase(topic, database);
            }
            if (to instanceof Destination.StandardOutput) {
                return intoStandardOutput(topic);
            }
            if (to instanceof Destination.KafkaTopic target) {
                return new TopicToTopicRun(context, settings, request, progress).run(topic, target.name());
            }
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot store in " + to,
                    "this kind of destination is not known",
                    "name another destination");
        }
    }

    /** Standard output stores no offsets, so the user's consumer group does. */
    private ConsumeReport intoStandardOutput(Topic topic) {
        String group = request.group();
        String again = group != null
                ? "after a kill some records are printed again"
                : "it stores no offsets, so the next run starts at --from again";
        context.screen().note("standard output is at least once: " + again);
        return run(
                topic,
                new ConsoleSink(context.screen().data(), context.screen().outIsTerminal()),
                Transform.NONE,
                group == null ? null : new ConsumerGroup(group, "stdout", ConsumerGroup.Role.POSITION, null));
    }

    private ConsumeReport intoFile(Topic topic, Destination.OneFile to) {
        try (FileSink file = new FileSink(to.path(), deadLetters())) {
            return run(topic, file, new JsonCheck(), ConsumerGroup.reportOnly(groupOr(file.group()), file.sinkId()));
        }
    }

    private ConsumeReport intoDirectory(Topic topic, Destination.Directory to) {
        DestinationRequest store = request.store();
        try (SegmentDirectorySink directory = new SegmentDirectorySink(
                to.path(),
                deadLetters(),
                request.group(),
                new Origin(topic.name(), topic.id()),
                topic.partitions(),
                new SegmentDirectorySink.Rolling(store.rollEvery(), store.rollSize()),
                () -> refuseUsedGroup(topic))) {
            return run(
                    topic,
                    directory,
                    new JsonCheck(),
                    new ConsumerGroup(
                            directory.group(), directory.sinkId(), ConsumerGroup.Role.REPORT_ONLY, request.sharing()));
        }
    }

    /** The dead-letter destination of a file or a directory, or null for the default. */
    private @Nullable Path deadLetters() {
        DestinationRequest store = request.store();
        return store.deadLetter() == null || store.stopsAtDeadLetter()
                ? null
                : context.base().resolve(store.deadLetter());
    }

    private ConsumeReport intoDatabase(Topic topic, Destination.Database to) {
        DestinationRequest store = request.store();
        JdbcSink.Settings where = store.database().settings(context, to.url(), request.topic(), store.deadLetter());
        request = request.to(to.with(store.database().access().user(), where.table()));
        try (JdbcSink table = new JdbcSink(where, topic.name(), request.group(), () -> refuseUsedGroup(topic))) {
            GroupMembership sharing = table.isShared() ? request.sharing() : null;
            return run(
                    topic,
                    table,
                    new JsonCheck(),
                    new ConsumerGroup(table.group(), table.sinkId(), ConsumerGroup.Role.REPORT_ONLY, sharing));
        }
    }

    /** A destination keeps its first group. So a group that can't be its own is rejected before. */
    private void refuseUsedGroup(Topic topic) {
        String group = request.group();
        if (group != null) {
            ConsumerGroup.refuseUsed(settings, topic, group);
        }
    }

    private String groupOr(String ofDestination) {
        String group = request.group();
        return group == null ? ofDestination : group;
    }

    private ConsumeReport run(Topic topic, Sink sink, Transform transform, @Nullable ConsumerGroup group) {
        try (SignalHandler.Scope asked = context.interruption().askFirst();
                KafkaSource source = new KafkaSource(
                        settings,
                        topic,
                        request.from(),
                        request.stop().atEnd(),
                        group,
                        progress,
                        context.screen()::warn)) {
            if (request.isFromGiven()) {
                source.tellOfStart(context.screen()::note, context.screen()::warn);
            }
            Stage stage = new Stage(source, transform, sink, request.stop(), progress, context.interruption());
            return ConsumeReport.of(request, group == null ? null : group.group(), stage);
        }
    }

    private Topic topic() {
        Duration patience = request.waitForTopic();
        long end = System.nanoTime() + (patience == null ? 0 : patience.toNanos());
        boolean wasMissing = false;
        String told = "";
        while (true) {
            Failure failure;
            try (Cluster cluster = Cluster.connect(settings)) {
                Optional<Topic> topic = cluster.topic(request.topic());
                while (topic.isEmpty() && System.nanoTime() < end) {
                    if (!wasMissing) {
                        wasMissing = true;
                        context.screen().note("waiting for topic " + request.topic() + " to be created");
                    }
                    pause("topic " + request.topic() + " to be created");
                    topic = cluster.topic(request.topic());
                }
                if (topic.isPresent()) {
                    progress.waitingFor("");
                    if (wasMissing) {
                        continueUntilIdle();
                    }
                    return topic.get();
                }
                failure = noTopic(patience);
            } catch (Failure unreachable) {
                failure = unreachable;
            }
            if (failure.kind() != Failure.Kind.TEMPORARY || System.nanoTime() >= end) {
                throw failure;
            }
            if (!failure.why().equals(told)) {
                told = failure.why();
                context.screen().note("waiting for Kafka: " + told);
            }
            pause("Kafka");
        }
    }

    /** A new topic has probably few records yet, so its current end means nothing. */
    private void continueUntilIdle() {
        if (request.stop().atEnd()) {
            request = request.stoppingBy(request.stop().untilIdle(QUIET));
            context.screen()
                    .note("topic " + request.topic() + " is new: this run stops after "
                            + Text.duration(QUIET) + " without a record; use --idle-timeout for another time,"
                            + " --follow to never stop");
        }
    }

    private Failure noTopic(@Nullable Duration patience) {
        return new Failure(
                Failure.Kind.TEMPORARY,
                "there is no topic " + request.topic() + " at " + settings.bootstrapServers(),
                patience == null
                        ? "no producer has created it yet, or the name is wrong"
                        : "it was not created within " + Text.duration(patience),
                "produce first, or wait for the topic with --wait-for-topic 1m; `kstage topic list` shows all"
                        + " topics");
    }

    private void pause(String what) {
        progress.waitingFor(what);
        try {
            TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(
                    Failure.Kind.TEMPORARY,
                    "interrupted",
                    "the thread was interrupted",
                    "run the" + " same command again",
                    e);
        }
    }
}
