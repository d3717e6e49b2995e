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

/** Stage 2: a topic to the place that was asked for. */
final class ConsumeRun {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    private static final Duration QUIET = Duration.ofSeconds(5);

    private final CommandContext session;
    private final ClientSettings settings;
    private ConsumeRequest request;
    private final StageProgress meter = new StageProgress();

    ConsumeRun(CommandContext session, ClientSettings settings, ConsumeRequest request) {
        this.session = session;
        this.settings = settings;
        this.request = request;
    }

    /**
     * @param atFailure given what was stored before a failure that came after the run had begun
     * @throws Failure what the run could not go on from; everything committed before it stays
     */
    ConsumeReport run(Consumer<ConsumeReport> atFailure) {
        try {
            return store();
        } catch (FailedRun failed) {
            try {
                atFailure.accept(failed.report());
            } catch (Failure unreported) {
                // Such as the same full disk: the first failure is the one to tell, and has the exit code.
                session.screen().warn(unreported.what() + ": " + unreported.why());
            }
            throw failed.failure();
        }
    }

    private ConsumeReport store() {
        Destination to = request.store().to();
        try (ProgressLine progress = session.screen()
                .progress("consume " + request.topic(), meter, to instanceof Destination.StandardOutput)) {
            Topic topic = topic();
            topic.warning().ifPresent(session.screen()::warn);
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
                return new TopicToTopicRun(session, settings, request, meter).run(topic, target.name());
            }
            throw new Failure(
                    Failure.Kind.USAGE, "cannot store in " + to, "this kind of place is not known", "name another");
        }
    }

    /** It owns no position, so the group that the user names has it. */
    private ConsumeReport intoStandardOutput(Topic topic) {
        String group = request.group();
        String again = group != null
                ? "after a kill some records come again"
                : "it keeps no position, so another run begins at --from again";
        session.screen().note("standard output is at least once: " + again);
        return run(
                topic,
                new ConsoleSink(session.screen().data(), session.screen().outIsTerminal()),
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

    /** Of a file or a directory, or null for what it has by itself. */
    private @Nullable Path deadLetters() {
        DestinationRequest store = request.store();
        return store.deadLetter() == null || store.stopsAtDeadLetter() ? null : Path.of(store.deadLetter());
    }

    private ConsumeReport intoDatabase(Topic topic, Destination.Database to) {
        DestinationRequest store = request.store();
        JdbcSink.Settings where = store.database().settings(session, to.url(), request.topic(), store.deadLetter());
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

    /** A place keeps the group that it was born with, so one that can't be its own must not come that far. */
    private void refuseUsedGroup(Topic topic) {
        String group = request.group();
        if (group != null) {
            ConsumerGroup.refuseUsed(settings, topic, group);
        }
    }

    private String groupOr(String ofPlace) {
        String group = request.group();
        return group == null ? ofPlace : group;
    }

    private ConsumeReport run(Topic topic, Sink sink, Transform transform, @Nullable ConsumerGroup group) {
        try (SignalHandler.Scope asked = session.interruption().askFirst();
                KafkaSource source = new KafkaSource(
                        settings,
                        topic,
                        request.from(),
                        request.stop().atEnd(),
                        group,
                        meter,
                        session.screen()::warn)) {
            if (request.isFromGiven()) {
                source.tellOfStart(session.screen()::note, session.screen()::warn);
            }
            Stage stage = new Stage(source, transform, sink, request.stop(), meter, session.interruption());
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
                        session.screen().note("waiting for topic " + request.topic() + " to be created");
                    }
                    pause("topic " + request.topic() + " to be created");
                    topic = cluster.topic(request.topic());
                }
                if (topic.isPresent()) {
                    meter.waitingFor("");
                    if (wasMissing) {
                        goOnUntilQuiet();
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
                session.screen().note("waiting for Kafka: " + told);
            }
            pause("Kafka");
        }
    }

    /** Who has just created the topic has hardly begun to fill it: its end by now says nothing. */
    private void goOnUntilQuiet() {
        if (request.stop().atEnd()) {
            request = request.stoppingBy(request.stop().untilIdle(QUIET));
            session.screen()
                    .note("topic " + request.topic() + " is new: this stops once nothing came for "
                            + Text.duration(QUIET) + "; --idle-timeout sets another time, --follow goes on");
        }
    }

    private Failure noTopic(@Nullable Duration patience) {
        return new Failure(
                Failure.Kind.TEMPORARY,
                "there is no topic " + request.topic() + " at " + settings.bootstrapServers(),
                patience == null
                        ? "nobody has produced to it yet, or its name is another"
                        : "nobody has created it within " + Text.duration(patience),
                "produce first; or let this wait for it with --wait-for-topic 1m; `kstage topic list` shows what is there");
    }

    private void pause(String what) {
        meter.waitingFor(what);
        try {
            TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.Kind.TEMPORARY, "interrupted", "this thread was told to stop", "run it again", e);
        }
    }
}
