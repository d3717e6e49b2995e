package dev.kstage.cli.stage;

import dev.kstage.cli.option.Destination;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.GroupMembership;
import dev.kstage.kafka.consumer.StartRule;
import dev.kstage.profile.PrivateDirectory;
import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import dev.kstage.report.Text;
import dev.kstage.source.LineFormat;
import dev.kstage.source.template.UserEvents;
import dev.kstage.stage.StopRules;
import dev.kstage.transform.RecordKeying;
import dev.kstage.verify.Comparison;
import dev.kstage.verify.GeneratedEvents;
import dev.kstage.verify.read.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;

/** Runs both stages with their own topic and file, compares every event, and removes both. */
final class SmokeRun {
    private final CommandContext context;
    private final ClientSettings settings;
    private final int count;
    private final long seed;
    private final int partitions;
    private final String topic = "kstage-smoke-" + UUID.randomUUID().toString().substring(0, 8);
    private final Path directory;
    private boolean isReached;
    private boolean hasGroup;

    /**
     * @param count number of events
     * @param partitions of the topic
     */
    SmokeRun(CommandContext context, ClientSettings settings, int count, long seed, int partitions) {
        this.context = context;
        this.settings = settings;
        this.count = count;
        this.seed = seed;
        this.partitions = partitions;
        this.directory = context.directories().state().resolve("smoke").resolve(topic);
    }

    SmokeReport run() {
        long start = System.nanoTime();
        try {
            PrivateDirectory.create(context.directories().state(), directory);
            reach();
            ProduceReport produced = new ProduceRun(context, settings, produce()).run();
            if (produced.failure() != null) {
                throw produced.failure();
            }
            hasGroup = true;
            ConsumeReport first = new ConsumeRun(context, settings, consume()).run(report -> {});
            ConsumeReport second = new ConsumeRun(context, settings, consume()).run(report -> {});
            if (context.interruption().getAsBoolean()) {
                throw new Failure(
                        Failure.Kind.TEMPORARY,
                        "no verdict",
                        "the smoke test was interrupted",
                        "run the same" + " command again");
            }
            Comparison comparison = new Comparison(new GeneratedEvents(new UserEvents(seed), count));
            new StoredFile(file()).forEach(comparison::add, comparison::addFault);
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            return SmokeReport.of(
                    settings.bootstrapServers(), produced, count, first, second, comparison.verdict(0), time);
        } catch (IOException e) {
            throw unwritable(e);
        } finally {
            cleanUp();
        }
    }

    /** Until the cluster has responded once, there is nothing of this run to remove. */
    private void reach() {
        try (Cluster cluster = Cluster.connect(settings)) {
            if (cluster.topic(topic).isPresent()) {
                throw new IllegalStateException(topic + " was just generated");
            }
            isReached = true;
        }
    }

    private ProduceRequest produce() {
        return new ProduceRequest(
                topic,
                null,
                null,
                new LineFormat.Value(),
                OptionalLong.of(count),
                seed,
                0,
                new RecordKeying(null, List.of(), OptionalInt.empty()),
                null,
                null,
                ProduceRequest.Partitioner.JAVA,
                null,
                Optional.of(partitions),
                Optional.empty());
    }

    private ConsumeRequest consume() {
        return new ConsumeRequest(
                topic,
                DestinationRequest.to(new Destination.OneFile(file())),
                topic,
                new GroupMembership(GroupMembership.CLASSIC, null, DestinationRequest.ROLL_EVERY),
                new StartRule.Earliest(),
                StopRules.AT_END,
                null);
    }

    private Path file() {
        return directory.resolve("out.jsonl");
    }

    /** Removes everything; what can't be removed is named in a warning, and does not change the verdict. */
    private void cleanUp() {
        if (isReached) {
            cleanUpCluster();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            context.screen()
                    .warn("files remain in " + directory + ": " + Text.harmless(String.valueOf(e.getMessage())));
        }
    }

    private void cleanUpCluster() {
        try (Cluster cluster = Cluster.connect(settings)) {
            if (cluster.topic(topic).isPresent()) {
                cluster.delete(topic);
            }
            if (hasGroup) {
                cluster.deleteGroup(topic);
            }
        } catch (Failure e) {
            context.screen().warn("topic and group " + topic + " may not be deleted: " + e.why());
        }
    }

    private Failure unwritable(IOException e) {
        return new Failure(
                Failure.Kind.FAILED,
                "cannot write " + directory,
                FileFault.of(e),
                "free some space, or set XDG_STATE_HOME to a directory that you may write to",
                e);
    }
}
