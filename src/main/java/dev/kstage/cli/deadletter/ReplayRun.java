package dev.kstage.cli.deadletter;

import dev.kstage.cli.option.StoredPlaces;
import dev.kstage.cli.terminal.Interruption;
import dev.kstage.cli.terminal.ProgressLine;
import dev.kstage.cli.terminal.Session;
import dev.kstage.kafka.ClientSettings;
import dev.kstage.kafka.Cluster;
import dev.kstage.kafka.RunSink;
import dev.kstage.kafka.Topic;
import dev.kstage.report.Failure;
import dev.kstage.report.Meter;
import dev.kstage.source.Letters;
import dev.kstage.stage.DeadLetters;
import dev.kstage.stage.Stage;
import dev.kstage.stage.StopReason;
import dev.kstage.stage.StopRules;
import dev.kstage.stage.Transform;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Sends dead letters to a topic, each once over all attempts. */
final class ReplayRun {
    private final Session session;
    private final StoredPlaces places;
    private final DeadLetters letters;
    private final Predicate<DeadLetters.Kept> chosen;
    private final @Nullable String runId;
    private final Meter meter = new Meter();

    /**
     * @param chosen which of the letters
     * @param runId the id of the run, or null for one that follows from place, topic and letters chosen
     */
    ReplayRun(
            Session session,
            StoredPlaces places,
            DeadLetters letters,
            Predicate<DeadLetters.Kept> chosen,
            @Nullable String runId) {
        this.session = session;
        this.places = places;
        this.letters = letters;
        this.chosen = chosen;
        this.runId = runId;
    }

    /**
     * @param to the topic
     * @param keepsPartitions whether each goes to the partition that it came from
     * @param identity what the run's id follows from
     * @throws Failure what it could not go on from; everything committed before it stays
     */
    ReplayReport.Target run(String to, boolean keepsPartitions, String identity) {
        String id = runId != null ? runId : "dead-letters-" + hash(identity);
        Topic topic = places.topic(to);
        try (Letters source = new Letters(letters, chosen, keepsPartitions)) {
            try (RunSink sink = sink(id, topic, source.digest())) {
                long before = sink.delivered().records();
                boolean wasFinished = sink.isFinished();
                if (!wasFinished) {
                    send(source, sink, to);
                }
                long sent = sink.delivered().records();
                return new ReplayReport.Target(to, id, source.count(), sent, sent - before, wasFinished);
            }
        }
    }

    private void send(Letters source, RunSink sink, String to) {
        meter.goal(source.count());
        try (ProgressLine progress = session.screen().progress("replay to " + to, meter, false);
                Interruption.Scope asked = session.interruption().askFirst()) {
            StopReason reason = new Stage(source, Transform.NONE, sink, StopRules.AT_END, meter, session.interruption())
                    .run()
                    .stoppedBecause();
            if (reason != StopReason.INTERRUPTED) {
                sink.finish();
            }
        }
    }

    private RunSink sink(String id, Topic topic, String digest) {
        ClientSettings settings = places.settings();
        RunSink.Run run = new RunSink.Run(id, Map.of("dead letters", digest));
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.transactions().warning().ifPresent(session.screen()::warn);
            return new RunSink(
                    settings,
                    run,
                    topic,
                    null,
                    cluster.largestBatch(topic.name()),
                    null,
                    cluster.transactions().hasCommitted(run),
                    meter,
                    session.interruption());
        } catch (Failure e) {
            throw e.kind() == Failure.Kind.USAGE && e.why().contains("dead letters") ? others(e) : e;
        }
    }

    private Failure others(Failure cause) {
        return new Failure(
                Failure.Kind.USAGE,
                "the dead letters of " + letters.place() + " are not those that were sent before",
                cause.why(),
                "choose the new ones with --only or --reason, or send all of them with --run-id NAME",
                cause);
    }

    private static String hash(String identity) {
        return UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
