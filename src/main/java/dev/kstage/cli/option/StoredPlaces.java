package dev.kstage.cli.option;

import dev.kstage.cli.terminal.Session;
import dev.kstage.kafka.ClientSettings;
import dev.kstage.kafka.Cluster;
import dev.kstage.kafka.DeadLetterTopic;
import dev.kstage.kafka.Topic;
import dev.kstage.kafka.TopicRows;
import dev.kstage.report.Failure;
import dev.kstage.stage.DeadLetters;
import dev.kstage.stage.StoredRows;
import dev.kstage.verify.DeadLetterLines;
import dev.kstage.verify.StoredDirectory;
import dev.kstage.verify.StoredFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Places opened for reading, each by the class for its kind; the cluster is asked only if one needs it. */
public final class StoredPlaces {
    private static final String DEAD_LETTER_TOPIC = ".dead-letter";

    private final Session session;
    private final ConnectionOptions connection;
    private @Nullable ClientSettings settings;

    public StoredPlaces(Session session, ConnectionOptions connection) {
        this.session = session;
        this.connection = connection;
    }

    /** Settings for the chosen cluster, which is announced the first time. */
    public ClientSettings settings() {
        ClientSettings known = settings;
        if (known == null) {
            known = connection.settings(session);
            settings = known;
        }
        return known;
    }

    /**
     * What is stored in a place.
     *
     * @throws Failure if there is no such place, or it can't be read
     */
    public StoredRows rows(Place place) {
        if (place instanceof Place.OneFile file) {
            return new StoredFile(at(file.path()));
        }
        if (place instanceof Place.Directory directory) {
            return new StoredDirectory(at(directory.path()));
        }
        if (place instanceof Place.KafkaTopic topic) {
            return new TopicRows(settings(), topic(topic.name()), StoredRows.Reached.NOTHING_TOLD);
        }
        throw notKept(place);
    }

    /**
     * The dead letters of a place of results, or those at a place of dead letters.
     *
     * @throws Failure if this is no place that has dead letters
     */
    public DeadLetters deadLetters(Place place) {
        if (place instanceof Place.OneFile file) {
            return new DeadLetterLines(ofFile(at(file.path())));
        }
        if (place instanceof Place.Directory directory) {
            Path path = at(directory.path());
            Path within = path.resolve("dead-letter");
            boolean isOfResults = Files.isDirectory(within) || Files.isDirectory(path.resolve("_kstage"));
            return new DeadLetterLines(isOfResults ? within : path);
        }
        if (place instanceof Place.KafkaTopic topic) {
            String name = topic.name();
            return new DeadLetterTopic(settings(), name.endsWith(DEAD_LETTER_TOPIC) ? name : name + DEAD_LETTER_TOPIC);
        }
        throw notKept(place);
    }

    private static Path ofFile(Path file) {
        String name = String.valueOf(file.getFileName());
        boolean isResults = Files.exists(file.resolveSibling(name + ".position"));
        if (!isResults && (DeadLetterLines.isNameOfOne(file) || Files.exists(file))) {
            return file;
        }
        return file.resolveSibling(
                name.matches(".+\\.jsonl")
                        ? name.replaceFirst("\\.jsonl$", ".dead-letter.jsonl")
                        : name + "-dead-letter.jsonl");
    }

    private Topic topic(String name) {
        ClientSettings client = settings();
        try (Cluster cluster = Cluster.connect(client)) {
            Optional<Topic> topic = cluster.topic(name);
            return topic.orElseThrow(() -> new Failure(
                    Failure.Kind.FAILED,
                    "cannot read kafka:" + name,
                    "there is no such topic at " + client.bootstrapServers(),
                    "`kstage topic list` shows those that are there"));
        }
    }

    private Path at(Path path) {
        return session.workingDirectory().resolve(path);
    }

    private static Failure notKept(Place place) {
        return new Failure(
                Failure.Kind.USAGE,
                "cannot read what is stored in " + place,
                "nothing is kept there",
                "name a file, a directory, a database or a topic");
    }
}
