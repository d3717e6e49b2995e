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

/** Opens readers of destinations; connects to the cluster only if a destination needs it. */
public final class DestinationReaders {
    private static final String DEAD_LETTER_TOPIC = ".dead-letter";

    private final CommandContext context;
    private final ConnectionOptions connection;
    private final DatabaseAccess access;
    private @Nullable ClientSettings settings;

    /** @param access options for a destination that is a database */
    public DestinationReaders(CommandContext context, ConnectionOptions connection, DatabaseAccess access) {
        this.context = context;
        this.connection = connection;
        this.access = access;
    }

    /** Client settings for the chosen cluster; the first call prints a note. */
    public ClientSettings settings() {
        ClientSettings known = settings;
        if (known == null) {
            known = connection.settings(context);
            settings = known;
        }
        return known;
    }

    /**
     * The rows of a destination.
     *
     * @param source the topic that was consumed, if it is known
     * @param group the consumer group of a topic, or null for the default group
     * @throws Failure if the destination does not exist, or can't be read
     */
    public StoredRows rows(Destination destination, @Nullable String source, @Nullable String group) {
        if (destination instanceof Destination.OneFile file) {
            return new StoredFile(at(file.path()));
        }
        if (destination instanceof Destination.Directory directory) {
            return new StoredDirectory(at(directory.path()));
        }
        if (destination instanceof Destination.Database database) {
            StoredDatabase stored = stored(database);
            return new StoredTable(
                    stored, stored.store(access.of(database).table(), source).table());
        }
        if (destination instanceof Destination.KafkaTopic topic) {
            return new TopicRecords(settings(), topic(topic.name()), reached(topic.name(), source, group));
        }
        throw notKept(destination);
    }

    /** The destination with its options, as a report shows it. */
    public Destination shown(Destination destination, @Nullable String source) {
        return destination instanceof Destination.Database database
                ? database.with(
                        access.user(),
                        stored(database)
                                .store(access.of(database).table(), source)
                                .table())
                : destination;
    }

    /**
     * The dead-letter records in a dead-letter destination, or those of a destination of results.
     *
     * @throws Failure if it has no dead-letter records
     */
    public DeadLetters deadLetters(Destination destination) {
        if (destination instanceof Destination.OneFile file) {
            Path path = at(file.path());
            return DeadLetterLines.isFileOfResults(path)
                    ? DeadLetterLines.ofFile(path, null)
                    : lines(destination, path);
        }
        if (destination instanceof Destination.Directory directory) {
            Path path = at(directory.path());
            return DeadLetterLines.isDirectoryOfResults(path)
                    ? DeadLetterLines.ofDirectory(path, null)
                    : lines(destination, path);
        }
        if (destination instanceof Destination.KafkaTopic topic) {
            return deadLetterTopic(topic.name());
        }
        if (destination instanceof Destination.Database database) {
            StoredDatabase stored = stored(database);
            Optional<StoredDatabase.Store> store =
                    stored.storeOfDeadLetters(access.of(database).table());
            if (store.isPresent()) {
                return new DeadLetterTable(stored, store.get());
            }
        }
        return deadLettersBeside(destination, null);
    }

    /**
     * The dead-letter records of a destination of results, in the dead-letter destination that the user named. It may
     * not exist yet.
     *
     * @throws Failure if it can't have dead-letter records
     */
    public DeadLetters deadLetters(Destination named, Destination results) {
        if (named instanceof Destination.KafkaTopic topic && results instanceof Destination.KafkaTopic) {
            noteIfMissing(topic.name());
            return new DeadLetterTopic(settings(), topic.name());
        }
        if (deadLettersBeside(results, null, path(named)) instanceof DeadLetterLines own
                && own.path().equals(path(named))) {
            return own;
        }
        return deadLetters(named);
    }

    /** Consume creates the topic for its first dead-letter record, so a missing topic is no error. */
    private void noteIfMissing(String name) {
        try (Cluster cluster = Cluster.connect(settings())) {
            if (cluster.topic(name).isEmpty()) {
                context.screen().note("there is no topic " + name + ", so there are no dead-letter records");
            }
        }
    }

    private @Nullable Path path(Destination destination) {
        if (destination instanceof Destination.OneFile file) {
            return at(file.path());
        }
        return destination instanceof Destination.Directory directory ? at(directory.path()) : null;
    }

    private static DeadLetters lines(Destination destination, Path path) {
        if (!DeadLetterLines.canBeAt(path)) {
            throw missing(
                    destination.toString(),
                    "there is no such " + (destination instanceof Destination.Directory ? "directory" : "file"));
        }
        return new DeadLetterLines(path);
    }

    /** NAME.dead-letter, or NAME itself if the user chose it for the dead-letter records. */
    private DeadLetters deadLetterTopic(String name) {
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

    private static Failure missing(String destination, String why) {
        return new Failure(
                Failure.Kind.FAILED,
                "cannot read " + destination,
                why,
                "name the destination of `kstage consume --to`, or its dead-letter records");
    }

    private StoredDatabase stored(Destination.Database destination) {
        return new StoredDatabase(access.login(context, destination.url()));
    }

    /**
     * The dead-letter records of a destination of results, in its default dead-letter destination.
     *
     * @param source the topic that was consumed, if it is known
     */
    public DeadLetters deadLettersBeside(Destination destination, @Nullable String source) {
        return deadLettersBeside(destination, source, null);
    }

    private DeadLetters deadLettersBeside(Destination destination, @Nullable String source, @Nullable Path named) {
        if (destination instanceof Destination.OneFile file) {
            return DeadLetterLines.ofFile(at(file.path()), named);
        }
        if (destination instanceof Destination.Directory directory) {
            return DeadLetterLines.ofDirectory(at(directory.path()), named);
        }
        if (destination instanceof Destination.Database database) {
            return ofTable(database, source, null);
        }
        if (destination instanceof Destination.KafkaTopic topic) {
            return new DeadLetterTopic(settings(), topic.name() + DEAD_LETTER_TOPIC);
        }
        throw notKept(destination);
    }

    /**
     * The dead-letter records of a table.
     *
     * @param source the topic that was consumed, if it is known
     * @param named the dead-letter table that the user named, or null
     */
    public DeadLetters ofTable(Destination.Database destination, @Nullable String source, @Nullable TableName named) {
        StoredDatabase stored = stored(destination);
        StoredDatabase.Store store = stored.store(access.of(destination).table(), source);
        stored.requireNamed(store, named);
        return new DeadLetterTable(stored, store);
    }

    /** The offsets of a topic are those of its consumer group. */
    private StoredRows.Reached reached(String target, @Nullable String source, @Nullable String group) {
        if (source == null || source.equals(target)) {
            return StoredRows.Reached.NOTHING_TOLD;
        }
        Topic from = topic(source);
        String id = group == null ? ClusterNames.topicToTopicGroup(source, target) : group;
        return new StoredRows.Reached(
                new Origin(from.name(), from.id()), GroupProgress.ofGroup(settings(), from, id), 0);
    }

    /** The topic of this name, which must exist. */
    public Topic topic(String name) {
        ClientSettings client = settings();
        try (Cluster cluster = Cluster.connect(client)) {
            Optional<Topic> topic = cluster.topic(name);
            return topic.orElseThrow(() -> new Failure(
                    Failure.Kind.FAILED,
                    "cannot read kafka:" + name,
                    "there is no such topic at " + client.bootstrapServers(),
                    "`kstage topic list` shows all topics"));
        }
    }

    private Path at(Path path) {
        return context.workingDirectory().resolve(path).normalize();
    }

    private static Failure notKept(Destination destination) {
        return new Failure(
                Failure.Kind.USAGE,
                "cannot read what is stored in " + destination,
                "standard output stores nothing",
                "name a file, a directory, a database or a topic");
    }
}
