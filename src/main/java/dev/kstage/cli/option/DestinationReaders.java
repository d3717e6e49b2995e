package dev.kstage.cli.option;

import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.ClusterNames;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.exactlyonce.GroupProgress;
import dev.kstage.kafka.reader.DeadLetterTopic;
import dev.kstage.kafka.reader.TopicRecords;
import dev.kstage.record.Origin;
import dev.kstage.record.StoredRows;
import dev.kstage.report.Failure;
import dev.kstage.sink.jdbc.read.StoredDatabase;
import dev.kstage.sink.jdbc.read.StoredTable;
import dev.kstage.sink.jdbc.schema.TableName;
import dev.kstage.stage.DeadLetters;
import dev.kstage.verify.read.DeadLetterLines;
import dev.kstage.verify.read.DeadLetterTable;
import dev.kstage.verify.read.StoredDirectory;
import dev.kstage.verify.read.StoredFile;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Places opened for reading, each by the class for its kind; the cluster is asked only if one needs it. */
public final class DestinationReaders {
    private static final String DEAD_LETTER_TOPIC = ".dead-letter";

    private final CommandContext session;
    private final ConnectionOptions connection;
    private final DatabaseAccess access;
    private @Nullable ClientSettings settings;

    /** @param access how to get into a place that is a database */
    public DestinationReaders(CommandContext session, ConnectionOptions connection, DatabaseAccess access) {
        this.session = session;
        this.connection = connection;
        this.access = access;
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
     * @param source the topic that it was read from, if that is known
     * @param group the group of a topic as a place, or null for the one that it has by itself
     * @throws Failure if there is no such place, or it can't be read
     */
    public StoredRows rows(Destination place, @Nullable String source, @Nullable String group) {
        if (place instanceof Destination.OneFile file) {
            return new StoredFile(at(file.path()));
        }
        if (place instanceof Destination.Directory directory) {
            return new StoredDirectory(at(directory.path()));
        }
        if (place instanceof Destination.Database database) {
            StoredDatabase stored = stored(database);
            return new StoredTable(
                    stored, stored.store(access.of(database).table(), source).table());
        }
        if (place instanceof Destination.KafkaTopic topic) {
            return new TopicRecords(settings(), topic(topic.name()), reached(topic.name(), source, group));
        }
        throw notKept(place);
    }

    /** A place with what was said beside it, as a report shows it. */
    public Destination shown(Destination place, @Nullable String source) {
        return place instanceof Destination.Database database
                ? database.with(
                        access.user(),
                        stored(database)
                                .store(access.of(database).table(), source)
                                .table())
                : place;
    }

    /**
     * The dead letters at a place of dead letters, or those beside a place of results.
     *
     * @throws Failure if this is no place that has dead letters
     */
    public DeadLetters deadLetters(Destination place) {
        if (place instanceof Destination.OneFile file) {
            Path path = at(file.path());
            return DeadLetterLines.isFileOfResults(path) ? DeadLetterLines.ofFile(path, null) : lines(place, path);
        }
        if (place instanceof Destination.Directory directory) {
            Path path = at(directory.path());
            return DeadLetterLines.isDirectoryOfResults(path)
                    ? DeadLetterLines.ofDirectory(path, null)
                    : lines(place, path);
        }
        if (place instanceof Destination.KafkaTopic topic) {
            return letterTopic(topic.name());
        }
        if (place instanceof Destination.Database database) {
            StoredDatabase stored = stored(database);
            Optional<StoredDatabase.Store> store =
                    stored.storeOfDeadLetters(access.of(database).table());
            if (store.isPresent()) {
                return new DeadLetterTable(stored, store.get());
            }
        }
        return deadLettersBeside(place, null);
    }

    /**
     * The dead letters that the user named for a place of results. None may have come to be yet.
     *
     * @throws Failure if this is no place that has dead letters
     */
    public DeadLetters deadLetters(Destination named, Destination results) {
        if (named instanceof Destination.KafkaTopic topic && results instanceof Destination.KafkaTopic) {
            tellIfMissing(topic.name());
            return new DeadLetterTopic(settings(), topic.name());
        }
        if (deadLettersBeside(results, null, path(named)) instanceof DeadLetterLines own
                && own.path().equals(path(named))) {
            return own;
        }
        return deadLetters(named);
    }

    /** Consume creates it for its first dead letter, so it may be missing though nothing is wrong. */
    private void tellIfMissing(String name) {
        try (Cluster cluster = Cluster.connect(settings())) {
            if (cluster.topic(name).isEmpty()) {
                session.screen().note("there is no topic " + name + ", so there are no dead letters in it");
            }
        }
    }

    private @Nullable Path path(Destination place) {
        if (place instanceof Destination.OneFile file) {
            return at(file.path());
        }
        return place instanceof Destination.Directory directory ? at(directory.path()) : null;
    }

    private static DeadLetters lines(Destination place, Path path) {
        if (!DeadLetterLines.canBeAt(path)) {
            throw missing(
                    place.toString(),
                    "there is no such " + (place instanceof Destination.Directory ? "directory" : "file"));
        }
        return new DeadLetterLines(path);
    }

    /** NAME.dead-letter, or NAME itself if that is where the user wanted the dead letters. */
    private DeadLetters letterTopic(String name) {
        ClientSettings client = settings();
        DeadLetters itself = new DeadLetterTopic(client, name);
        boolean isNameOfOne = name.endsWith(DEAD_LETTER_TOPIC);
        try (Cluster cluster = Cluster.connect(client)) {
            DeadLetters beside = new DeadLetterTopic(client, name + DEAD_LETTER_TOPIC);
            if (!isNameOfOne && cluster.topic(name + DEAD_LETTER_TOPIC).isPresent()) {
                return beside;
            }
            Optional<Topic> topic = cluster.topic(name);
            if (topic.isPresent()) {
                return isNameOfOne || DeadLetterTopic.holdsLetters(client, topic.get()) ? itself : beside;
            }
            String results = name.replaceFirst("\\.dead-letter$", "");
            if (isNameOfOne && cluster.topic(results).isPresent()) {
                return itself;
            }
        }
        throw missing("kafka:" + name, "there is no such topic at " + client.bootstrapServers());
    }

    private static Failure missing(String place, String why) {
        return new Failure(
                Failure.Kind.FAILED,
                "cannot read " + place,
                why,
                "name the place that `kstage consume --to` stored in, or that of its dead letters");
    }

    private StoredDatabase stored(Destination.Database place) {
        return new StoredDatabase(access.login(session, place.url()));
    }

    /**
     * The dead letters beside a place of results.
     *
     * @param source the topic that it was read from, if that is known
     */
    public DeadLetters deadLettersBeside(Destination place, @Nullable String source) {
        return deadLettersBeside(place, source, null);
    }

    private DeadLetters deadLettersBeside(Destination place, @Nullable String source, @Nullable Path named) {
        if (place instanceof Destination.OneFile file) {
            return DeadLetterLines.ofFile(at(file.path()), named);
        }
        if (place instanceof Destination.Directory directory) {
            return DeadLetterLines.ofDirectory(at(directory.path()), named);
        }
        if (place instanceof Destination.Database database) {
            return ofTable(database, source, null);
        }
        if (place instanceof Destination.KafkaTopic topic) {
            return new DeadLetterTopic(settings(), topic.name() + DEAD_LETTER_TOPIC);
        }
        throw notKept(place);
    }

    /**
     * The dead letters of a table of results.
     *
     * @param source the topic that it was read from, if that is known
     * @param named the table that they are in, if the user named it
     */
    public DeadLetters ofTable(Destination.Database place, @Nullable String source, @Nullable TableName named) {
        StoredDatabase stored = stored(place);
        StoredDatabase.Store store = stored.store(access.of(place).table(), source);
        stored.requireNamed(store, named);
        return new DeadLetterTable(stored, store);
    }

    /** Of a topic the group has the position. */
    private StoredRows.Reached reached(String target, @Nullable String source, @Nullable String group) {
        if (source == null || source.equals(target)) {
            return StoredRows.Reached.NOTHING_TOLD;
        }
        Topic from = topic(source);
        String id = group == null ? ClusterNames.topicToTopicGroup(source, target) : group;
        return new StoredRows.Reached(
                new Origin(from.name(), from.id()), GroupProgress.ofGroup(settings(), from, id), 0);
    }

    /** The topic of this name, which must be there. */
    public Topic topic(String name) {
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
        return session.workingDirectory().resolve(path).normalize();
    }

    private static Failure notKept(Destination place) {
        return new Failure(
                Failure.Kind.USAGE,
                "cannot read what is stored in " + place,
                "nothing is kept there",
                "name a file, a directory, a database or a topic");
    }
}
