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

/** Both stages over a topic and a file of their own, compared event by event, and cleaned away. */
final class SmokeRun {
    private final CommandContext session;
    private final ClientSettings settings;
    private final int count;
    private final long seed;
    private final int partitions;
    private final String topic = "kstage-smoke-" + UUID.randomUUID().toString().substring(0, 8);
    private final Path directory;
    private boolean isReached;
    private boolean hasGroup;

    /**
     * @param count how many events
     * @param partitions of the topic
     */
    SmokeRun(CommandContext session, ClientSettings settings, int count, long seed, int partitions) {
        this.session = session;
        this.settings = settings;
        this.count = count;
        this.seed = seed;
        this.partitions = partitions;
        this.directory = session.directories().state().resolve("smoke").resolve(topic);
    }

    SmokeReport run() {
        long start = System.nanoTime();
        try {
            PrivateDirectory.create(session.directories().state(), directory);
            reach();
            ProduceReport produced = new ProduceRun(session, settings, produce()).run();
            if (produced.failure() != null) {
                throw produced.failure();
            }
            hasGroup = true;
            ConsumeReport first = new ConsumeRun(session, settings, consume()).run(report -> {});
            ConsumeReport second = new ConsumeRun(session, settings, consume()).run(report -> {});
            if (session.interruption().getAsBoolean()) {
                throw new Failure(
                        Failure.Kind.TEMPORARY, "no verdict", "the smoke test was interrupted", "run it again");
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

    /** Until the cluster has answered a question, nothing of this run can be there to clean away. */
    private void reach() {
        try (Cluster cluster = Cluster.connect(settings)) {
            if (cluster.topic(topic).isPresent()) {
                throw new IllegalStateException(topic + " was made up just now");
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

    /** Leaves nothing behind; what can't be removed is named, and does not change the verdict. */
    private void cleanUp() {
        if (isReached) {
            cleanUpCluster();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            session.screen()
                    .warn("files are left in " + directory + ": " + Text.harmless(String.valueOf(e.getMessage())));
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
            session.screen().warn("topic and group " + topic + " may be left: " + e.why());
        }
    }

    private Failure unwritable(IOException e) {
        return new Failure(
                Failure.Kind.FAILED,
                "cannot write " + directory,
                FileFault.of(e),
                "make room there, or set XDG_STATE_HOME to a directory that you may write to",
                e);
    }
}
