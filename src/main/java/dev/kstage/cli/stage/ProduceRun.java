package dev.kstage.cli.stage;

import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.ProgressLine;
import dev.kstage.cli.terminal.SignalHandler;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.exactlyonce.ResumableRun;
import dev.kstage.kafka.exactlyonce.ResumableTopicSink;
import dev.kstage.kafka.exactlyonce.RunHistory;
import dev.kstage.kafka.producer.KafkaSink;
import dev.kstage.kafka.producer.RecordRules;
import dev.kstage.kafka.transaction.TransactionSupport;
import dev.kstage.record.Fingerprint;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.report.Text;
import dev.kstage.sink.file.InputDeadLetters;
import dev.kstage.source.FileLineSource;
import dev.kstage.source.LineSource;
import dev.kstage.source.RateLimitedSource;
import dev.kstage.source.template.GeneratorSource;
import dev.kstage.source.template.UserEvents;
import dev.kstage.stage.DeadLetterLog;
import dev.kstage.stage.Sink;
import dev.kstage.stage.Source;
import dev.kstage.stage.Stage;
import dev.kstage.stage.StopReason;
import dev.kstage.stage.StopRules;
import dev.kstage.stage.Summary;
import dev.kstage.stage.Transform;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Stage 1: sends generated events or lines of a file to a topic. */
final class ProduceRun {
    private final CommandContext context;
    private final ClientSettings settings;
    private final ProduceRequest request;
    private final StageProgress progress = new StageProgress();

    ProduceRun(CommandContext context, ClientSettings settings, ProduceRequest request) {
        this.context = context;
        this.settings = settings;
        this.request = request;
    }

    /**
     * @return what was delivered; if a failure ended the run, the report contains it
     * @throws Failure if the run could not start
     */
    ProduceReport run() {
        // Opened first, so that a missing file does not create a topic.
        Source source = source();
        String runId = request.runId();
        try (source;
                InputDeadLetters deadLetters = deadLetters()) {
            return runId == null ? runOnce(source, deadLetters) : runInAttempts(source, deadLetters, runId);
        }
    }

    /** The file for lines without a key, or null if there is none. */
    private @Nullable InputDeadLetters deadLetters() {
        String input = request.input();
        if (input == null || !request.hasDeadLetters()) {
            return null;
        }
        Path file = deadLetterFile(input);
        Path from = context.workingDirectory().resolve(input);
        if (file.normalize().equals(from.normalize())) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot store dead-letter records in " + file,
                    "it is the input",
                    "name another file with --dead-letter");
        }
        return new InputDeadLetters(file, input, request.runId());
    }

    private Path deadLetterFile(String input) {
        String named = request.deadLetter();
        return named == null
                ? InputDeadLetters.beside(context.workingDirectory().resolve(input))
                : context.workingDirectory().resolve(named);
    }

    private ProduceReport.DeadLettered deadLettered(long lines) {
        String input = request.input();
        return new ProduceReport.DeadLettered(
                lines,
                input == null || !request.hasDeadLetters()
                        ? null
                        : deadLetterFile(input).toString());
    }

    private ProduceReport runOnce(Source source, @Nullable DeadLetterLog deadLetters) {
        try (KafkaSink sink = sink(deadLetters)) {
            long start = System.nanoTime();
            Failure failure = run(source, sink);
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            return ProduceReport.of(
                    request, sink.delivered(), deadLettered(sink.deadLettered()), skipped(source), time, failure);
        }
    }

    private @Nullable Failure run(Source source, KafkaSink sink) {
        try {
            stage(source, sink, sink.partitions(), new StopRules(request.count(), true, null, null));
            return sink.recordFailure();
        } catch (Failure failure) {
            // Records in flight still get a result, which belongs into the report.
            sink.settleAfterFailure();
            return failure;
        }
    }

    private ProduceReport runInAttempts(Source source, @Nullable DeadLetterLog deadLetters, String runId) {
        ResumableRun run = new ResumableRun(runId, request.parameters());
        try (ResumableTopicSink sink = sink(run, source instanceof Fingerprint input ? input : null, deadLetters)) {
            if (sink.isFinished()) {
                context.screen().note("run " + runId + " is already finished; it started at " + sink.begun());
            } else if (sink.isContinued()) {
                context.screen()
                        .note("run " + runId + " continues after "
                                + Text.plural(sink.delivered().records(), "record"));
            }
            Failure failure = run(source, sink);
            return ProduceReport.of(
                    request,
                    sink.delivered(),
                    deadLettered(sink.deadLettered()),
                    skipped(source),
                    sink.time(),
                    failure);
        }
    }

    private @Nullable Failure run(Source source, ResumableTopicSink sink) {
        try {
            // The source counts records, because it also knows those of earlier attempts.
            Summary summary =
                    stage(source, sink, sink.partitions(), new StopRules(OptionalLong.empty(), true, null, null));
            if (summary.stoppedBecause() != StopReason.INTERRUPTED) {
                sink.finish();
            }
            return null;
        } catch (Failure failure) {
            return failure;
        }
    }

    private Summary stage(Source source, Sink sink, int partitions, StopRules rules) {
        Source paced = request.perSecond() > 0 ? new RateLimitedSource(source, request.perSecond()) : source;
        progress.goal(request.count().orElse(StageProgress.UNKNOWN));
        try (ProgressLine line = progress();
                SignalHandler.Scope asked = context.interruption().askFirst()) {
            return new Stage(paced, addressing(partitions), sink, rules, progress, context.interruption()).run();
        }
    }

    private Transform addressing(int partitions) {
        return request.partitioner() == ProduceRequest.Partitioner.JAVA
                ? request.addressing()
                : request.addressing().asLibrdkafka(partitions);
    }

    private ProgressLine progress() {
        return context.screen().progress("produce " + request.topic(), progress, false);
    }

    private String name(Record record) {
        String input = request.input();
        return input == null
                ? "event " + record.offset()
                : "line " + record.offset() + " of " + (input.equals("-") ? "standard input" : input);
    }

    private static long skipped(Source source) {
        if (source instanceof FileLineSource lines) {
            return lines.skipped();
        }
        return source instanceof LineSource lines ? lines.skipped() : 0;
    }

    private Source source() {
        String input = request.input();
        if (input == null) {
            return new GeneratorSource(
                    new UserEvents(request.seed()),
                    request.seed(),
                    request.count().orElseThrow(),
                    request.keyField());
        }
        if (input.equals("-")) {
            return new LineSource(
                    "standard input", new KeptOpen(context.input()), request.format(), request.keyField());
        }
        try {
            Path file = context.workingDirectory().resolve(input);
            if (Files.isDirectory(file)) {
                throw unreadable(input, "it is a directory", null);
            }
            if (request.runId() == null) {
                return new LineSource(input, Files.newInputStream(file), request.format(), request.keyField());
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new Failure(
                        Failure.Kind.USAGE,
                        "cannot read " + input,
                        "--run-id needs a file that can be read again; standard input and pipes can't",
                        "write the input to a file first, or leave out --run-id");
            }
            return new FileLineSource(input, file, request.format(), request.keyField(), request.count());
        } catch (NoSuchFileException e) {
            throw unreadable(input, "there is no such file", e);
        } catch (InvalidPathException e) {
            throw unreadable(input, "this locale does not support its name; set LC_ALL=C.UTF-8", e);
        } catch (IOException e) {
            throw unreadable(input, String.valueOf(e.getMessage()), e);
        }
    }

    private static Failure unreadable(String input, String why, @Nullable Exception e) {
        return new Failure(
                Failure.Kind.USAGE,
                "cannot read " + input,
                why,
                "use --from with the path of a file, or - for standard input",
                e);
    }

    private KafkaSink sink(@Nullable DeadLetterLog deadLetters) {
        try (Cluster cluster = Cluster.connect(settings)) {
            Topic topic = topic(cluster, null);
            return new KafkaSink(
                    settings,
                    topic,
                    request.compression(),
                    RecordRules.of(cluster, topic.name()),
                    this::name,
                    deadLetters,
                    progress,
                    context.interruption());
        }
    }

    private ResumableTopicSink sink(
            ResumableRun run, @Nullable Fingerprint input, @Nullable DeadLetterLog deadLetters) {
        try (Cluster cluster = Cluster.connect(settings)) {
            new TransactionSupport(cluster).require("cannot produce with --run-id");
            Topic topic = topic(cluster, run);
            // Before the run is opened: with another partition it would be another run.
            request.addressing().partition().ifPresent(topic::requirePartition);
            topic.warning().ifPresent(context.screen()::warn);
            new TransactionSupport(cluster).warning().ifPresent(context.screen()::warn);
            return new ResumableTopicSink(
                    settings,
                    run,
                    topic,
                    request.compression(),
                    RecordRules.of(cluster, topic.name()),
                    this::name,
                    input,
                    deadLetters,
                    RunHistory.of(cluster, run, topic),
                    progress,
                    context.interruption());
        }
    }

    private Topic topic(Cluster cluster, @Nullable ResumableRun run) {
        Topic topic = foundOrCreated(cluster, run);
        cluster.requireLeaders(topic, request.addressing().partition());
        cluster.durabilityWarning(topic.name()).ifPresent(context.screen()::warn);
        return topic;
    }

    private Topic foundOrCreated(Cluster cluster, @Nullable ResumableRun run) {
        Topic found = cluster.topic(request.topic()).orElse(null);
        if (found == null) {
            if (run != null) {
                RunHistory.of(cluster, run, null).requireNew(request.topic());
            }
            return create(cluster);
        }
        if (!cluster.isMadeWith(found, request.partitions(), request.replication())) {
            context.screen()
                    .warn("topic " + found.name() + " already exists and does not change: --partitions and"
                            + " --replication are for new topics");
        }
        return found;
    }

    private Topic create(Cluster cluster) {
        int partition = request.addressing().partition().orElse(0);
        int partitions = request.partitions().orElse(Integer.MAX_VALUE);
        if (partition >= partitions) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot use --partition " + partition,
                    "topic " + request.topic() + " will be created with " + Text.plural(partitions, "partition")
                            + ", numbered from 0",
                    "choose a partition below " + partitions + ", or set a higher number with --partitions");
        }
        Topic topic = cluster.create(request.topic(), request.partitions(), request.replication(), Map.of())
                .topic();
        context.screen()
                .note("created topic " + topic.name() + " with " + Text.plural(topic.partitions(), "partition"));
        return topic;
    }

    /** This run must not close standard input: a reader may still be blocked in it. */
    private static final class KeptOpen extends FilterInputStream {
        KeptOpen(InputStream input) {
            super(input);
        }

        @Override
        public void close() {}
    }
}
