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

/** Stage 2 from a topic to another topic of the same cluster; several workers can share it. */
final class TopicToTopicRun {
    // The size that the headers of a dead-letter record add to a record.
    private static final int MORE_FOR_HEADERS = 16 * 1024;

    private final CommandContext context;
    private final ClientSettings settings;
    private final ConsumeRequest request;
    private final StageProgress progress;

    TopicToTopicRun(CommandContext context, ClientSettings settings, ConsumeRequest request, StageProgress progress) {
        this.context = context;
        this.settings = settings;
        this.request = request;
        this.progress = progress;
    }

    /**
     * @throws Failure if the run could not start
     * @throws FailedRun if it failed after its start
     */
    ConsumeReport run(Topic source, String name) {
        String deadLetters = deadLetters(name);
        refuse(
                name.equals(source.name()),
                "cannot store " + name + " in itself",
                "the run would read its own" + " output without end");
        refuse(
                source.name().equals(deadLetters) || name.equals(deadLetters),
                "cannot store dead-letter records in " + deadLetters,
                "it is the source topic or the topic of the results");
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
            new TransactionSupport(cluster).warning().ifPresent(context.screen()::warn);
        }
        ConsumerGroup group =
                new ConsumerGroup(group(source, name), target.id(), ConsumerGroup.Role.OF_SINK, request.sharing());
        try (SignalHandler.Scope asked = context.interruption().askFirst();
                KafkaSource from = new KafkaSource(
                        settings,
                        source,
                        request.from(),
                        request.stop().atEnd(),
                        group,
                        progress,
                        context.screen()::warn);
                TopicSink sink = new TopicSink(
                        settings,
                        from,
                        target,
                        deadLetters,
                        () -> deadLetterTopic(deadLetters, source),
                        limits,
                        group,
                        progress,
                        context.interruption())) {
            if (request.isFromGiven()) {
                from.tellOfStart(context.screen()::note, context.screen()::warn);
            }
            Stage stage = new Stage(from, new JsonCheck(), sink, request.stop(), progress, context.interruption());
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

    /** The offsets belong to the group, so another group does not know what is stored. */
    private void warnOfSecondGroup(Cluster cluster, Topic source, String target, String group) {
        if (cluster.topicsOf(group).isEmpty() && cluster.inspect(target).records() > 0) {
            context.screen()
                    .warn("topic " + target + " has records, but none of group " + group + ": records of topic "
                            + source.name() + " that another group stored there will be stored again");
        }
    }

    /** The name of the dead-letter topic, or null for none. */
    private @Nullable String deadLetters(String target) {
        String wanted = request.store().deadLetter();
        if (wanted == null) {
            String beside = target + ".dead-letter";
            TopicName.requireWritable("cannot store dead-letter records in kafka:" + beside, beside);
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
            throw new IllegalStateException("with --dead-letter none the stage stops before this");
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
        context.screen()
                .note("created topic " + topic.name() + " with " + Text.plural(topic.partitions(), "partition"));
        return topic;
    }
}
