package dev.kstage.cli.stage;

import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.env.EmbeddedKafka;
import dev.kstage.env.StageProcess;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.exactlyonce.ResumableRun;
import dev.kstage.kafka.transaction.TransactionSupport;
import dev.kstage.profile.PrivateDirectory;
import dev.kstage.profile.Profile;
import dev.kstage.report.Failure;
import dev.kstage.report.FileFault;
import dev.kstage.report.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs round after round, each with its own topic, directory and destination, which are removed unless the round
 * failed.
 */
final class ChaosRun {
    // The default minimum of brokers is 6 s; brokers of kstage allow less.
    private static final Duration SESSION = Duration.ofSeconds(6);
    private static final Duration SESSION_AT_OWN = Duration.ofSeconds(2);

    private final CommandContext context;
    private final ClientSettings settings;
    private final Profile profile;
    private final Path directory;
    private final ChaosRequest request;
    private final List<String> kinds;
    private final String name;

    /**
     * @param directory for the files of the rounds; it does not exist yet
     * @throws Failure if a destination is unknown, or the system has no signals
     */
    ChaosRun(CommandContext context, ClientSettings settings, Profile profile, Path directory, ChaosRequest request) {
        StageProcess.requireSignals();
        this.context = context;
        this.settings = settings;
        this.profile = profile;
        this.directory = directory;
        this.request = request;
        this.kinds = request.kinds().isEmpty() ? ChaosDestination.LOCAL : request.kinds();
        this.kinds.forEach(ChaosDestination::of);
        this.name = "kstage-" + directory.getFileName();
    }

    /** @param kafka the broker, if it may be killed; null if it belongs to the user */
    ChaosReport run(@Nullable EmbeddedKafka kafka) {
        long start = System.nanoTime();
        Duration silence = kafka == null ? SESSION : SESSION_AT_OWN;
        try (Cluster cluster = Cluster.connect(settings)) {
            new TransactionSupport(cluster).require("cannot run the chaos test");
            new TransactionSupport(cluster).warning().ifPresent(context.screen()::warn);
        }
        context.screen().note("seed " + request.seed());
        List<ChaosReport.Round> rounds = new ArrayList<>();
        Path file = directory.resolve("chaos.yaml");
        try {
            PrivateDirectory.create(context.directories().state(), directory);
            ChaosProfile connection = ChaosProfile.write(file, profile, silence);
            for (ChaosPlan.Round plan :
                    ChaosPlan.of(request.seed(), request.rounds(), silence).rounds()) {
                ChaosReport.Round round = round(rounds.size() + 1, plan, connection, kafka);
                rounds.add(round);
                context.screen().note(round.line(request.rounds()));
            }
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.FAILED,
                    "cannot write " + directory,
                    FileFault.of(e),
                    "free some space, or set XDG_STATE_HOME to a directory that you may write to",
                    e);
        } finally {
            leave(file, rounds);
        }
        return ChaosReport.of(
                settings.bootstrapServers(),
                request,
                rounds,
                hasPassed(rounds) ? null : directory.toString(),
                Duration.ofNanos(System.nanoTime() - start));
    }

    private ChaosReport.Round round(
            int number, ChaosPlan.Round plan, ChaosProfile connection, @Nullable EmbeddedKafka kafka)
            throws IOException {
        String topic = name + "-" + number;
        Path roundDirectory = Files.createDirectory(directory.resolve(String.valueOf(number)));
        String word = kinds.get((number - 1) % kinds.size());
        ChaosDestination kind = ChaosDestination.of(word);
        ChaosDestination.Own own = new ChaosDestination.Own(context, settings, word, topic, roundDirectory);
        boolean failed = false;
        try {
            try (Cluster cluster = Cluster.connect(settings)) {
                cluster.create(topic, Optional.of(request.partitions()), Optional.empty(), Map.of());
            }
            ChaosReport.Round round =
                    new ChaosRound(context, plan, kind, own, connection, request.count()).run(number, kafka);
            failed = !round.outcome().hasPassed();
            return round;
        } finally {
            if (!failed) {
                // Ctrl-C also reaches a temporary Kafka, which then does not respond and will be removed anyway.
                if (kafka == null || !context.interruption().getAsBoolean()) {
                    removeFromCluster(own);
                }
                removeFromDatabase(kind, own);
                delete(roundDirectory);
            }
        }
    }

    private void removeFromCluster(ChaosDestination.Own own) {
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.deleteGroup(own.topic());
            cluster.deleteGroup(new ResumableRun(own.runId(), Map.of()).group());
            for (String each : own.topics()) {
                if (cluster.topic(each).isPresent()) {
                    cluster.delete(each);
                }
            }
        } catch (Failure e) {
            context.screen().warn("topics and groups named " + own.topic() + " may not be deleted: " + e.why());
        }
    }

    private void removeFromDatabase(ChaosDestination kind, ChaosDestination.Own own) {
        try {
            kind.remove(own);
        } catch (Failure e) {
            context.screen().warn("table " + own.topic() + " may not be deleted: " + e.why());
        }
    }

    /** Removes everything except failed rounds, and also their connection profile. */
    private void leave(Path connection, List<ChaosReport.Round> rounds) {
        delete(connection);
        if (hasPassed(rounds)) {
            delete(directory);
        }
    }

    private static boolean hasPassed(List<ChaosReport.Round> rounds) {
        return rounds.stream().allMatch(round -> round.outcome().hasPassed());
    }

    private void delete(Path tree) {
        try {
            FileTree.delete(tree);
        } catch (IOException e) {
            context.screen().warn("files remain in " + tree + ": " + Text.harmless(String.valueOf(e.getMessage())));
        }
    }
}
