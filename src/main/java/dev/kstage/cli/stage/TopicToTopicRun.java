package dev.kstage.cli.stage;

import dev.kstage.cli.option.Destination;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.cli.terminal.SignalHandler;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.ClusterNames;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.client.TopicName;
import dev.kstage.kafka.consumer.ConsumerGroup;
import dev.kstage.kafka.consumer.KafkaSource;
import dev.kstage.kafka.exactlyonce.TopicSink;
import dev.kstage.kafka.producer.RecordRules;
import dev.kstage.kafka.transaction.TransactionSupport;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.report.Text;
import dev.kstage.stage.Stage;
import dev.kstage.transform.JsonCheck;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Stage 2 from a topic to another of the same cluster, which several runs may share. */
final class TopicToTopicRun {
    // What the headers of a dead letter add to a record.
    private static final int MORE_FOR_HEADERS = 16 * 1024;

    private final CommandContext session;
    private final ClientSettings settings;
    private final ConsumeRequest request;
    private final StageProgress meter;

    TopicToTopicRun(CommandContext session, ClientSettings settings, ConsumeRequest request, StageProgress meter) {
        this.session = session;
        this.settings = settings;
        this.request = request;
        this.meter = meter;
    }

    /**
     * @throws Failure if the run could not begin
     * @throws FailedRun if it failed after that
     */
    ConsumeReport run(Topic source, String name) {
        String deadLetters = deadLetters(name);
        refuse(name.equals(source.name()), "cannot store " + name + " in itself", "it would be read again for ever");
        refuse(
                source.name().equals(deadLetters) || name.equals(deadLetters),
                "cannot put dead letters into " + deadLetters,
                "it is the topic that is read, or that of the results");
        Topic target;
        TopicSink.Limits limits;
        try (Cluster cluster = Cluster.connect(settings)) {
            new TransactionSupport(cluster).require("cannot store in topic " + name);
            OptionalInt ofSource = RecordRules.of(cluster, source.name()).largestBatch();
            Optional<Topic> found = cluster.topic(name);
            target = found.orElseGet(() -> create(cluster, name, source, ofSource));
            cluster.requireLeaders(target, OptionalInt.empty());
            if (found.isPresent()) {
                warnOfSecondGroup(cluster, source, name, group(source, name));
            }
            RecordRules rules = RecordRules.of(cluster, name);
            limits = new TopicSink.Limits(
                    rules,
                    ofSource.isPresent() ? OptionalInt.of(ofSource.getAsInt() + MORE_FOR_HEADERS) : OptionalInt.empty(),
                    least(
                            rules.largestBatch(),
                            deadLetters == null
                                    ? OptionalInt.empty()
                                    : RecordRules.of(cluster, deadLetters).largestBatch()));
            new TransactionSupport(cluster).warning().ifPresent(session.screen()::warn);
        }
        ConsumerGroup group =
                new ConsumerGroup(group(source, name), target.id(), ConsumerGroup.Role.OF_SINK, request.sharing());
        try (SignalHandler.Scope asked = session.interruption().askFirst();
                KafkaSource from = new KafkaSource(
                        settings,
                        source,
                        request.from(),
                        request.stop().atEnd(),
                        group,
                        meter,
                        session.screen()::warn);
                TopicSink sink = new TopicSink(
                        settings,
                        from,
                        target,
                        deadLetters,
                        () -> deadLetterTopic(deadLetters, source),
                        limits,
                        group,
                        meter,
                        session.interruption())) {
            if (request.isFromGiven()) {
                from.tellOfStart(session.screen()::note, session.screen()::warn);
            }
            Stage stage = new Stage(from, new JsonCheck(), sink, request.stop(), meter, session.interruption());
            return ConsumeReport.of(request, group.group(), stage);
        }
    }

    private static OptionalInt least(OptionalInt one, OptionalInt other) {
        return IntStream.concat(one.stream(), other.stream()).min();
    }

    private String group(Topic source, String target) {
        String named = request.group();
        return named == null ? ClusterNames.topicToTopicGroup(source.name(), target) : named;
    }

    /** The group is the position: another one does not know what is there. */
    private void warnOfSecondGroup(Cluster cluster, Topic source, String target, String group) {
        if (cluster.topicsOf(group).isEmpty() && cluster.inspect(target).records() > 0) {
            session.screen()
                    .warn("topic " + target + " has records, and none by group " + group + ": what another group has"
                            + " stored there of " + source.name() + " is stored once more");
        }
    }

    /** The name of the topic of the dead letters, or null for none. */
    private @Nullable String deadLetters(String target) {
        String wanted = request.store().deadLetter();
        if (wanted == null) {
            String beside = target + ".dead-letter";
            TopicName.requireWritable("cannot put dead letters into kafka:" + beside, beside);
            return beside;
        }
        if (request.store().stopsAtDeadLetter()) {
            return null;
        }
        return ((Destination.KafkaTopic) Destination.of(wanted)).name();
    }

    private static void refuse(boolean wrong, String what, String why) {
        if (wrong) {
            throw new Failure(Failure.Kind.USAGE, what, why, "name another topic, as in kafka:processed_events");
        }
    }

    private Topic deadLetterTopic(@Nullable String name, Topic source) {
        if (name == null) {
            throw new IllegalStateException("a run without dead letters has stopped before");
        }
        try (Cluster cluster = Cluster.connect(settings)) {
            OptionalInt largest = RecordRules.of(cluster, source.name()).largestBatch();
            Topic topic = cluster.topic(name)
                    .orElseGet(() -> create(
                            cluster,
                            name,
                            source,
                            largest.isPresent()
                                    ? OptionalInt.of(largest.getAsInt() + MORE_FOR_HEADERS)
                                    : OptionalInt.empty()));
            cluster.requireLeaders(topic, OptionalInt.empty());
            return topic;
        }
    }

    private Topic create(Cluster cluster, String name, Topic source, OptionalInt largestBatch) {
        Topic topic = cluster.create(
                        name,
                        Optional.of(source.partitions()),
                        Optional.empty(),
                        largestBatch.isPresent()
                                ? Map.of("max.message.bytes", String.valueOf(largestBatch.getAsInt()))
                                : Map.of())
                .topic();
        session.screen()
                .note("created topic " + topic.name() + " with " + Text.plural(topic.partitions(), "partition"));
        return topic;
    }
}
