package dev.kstage.cli.stage;

import dev.kstage.cli.option.DatabaseAccess;
import dev.kstage.cli.option.Destination;
import dev.kstage.cli.terminal.CommandContext;
import dev.kstage.kafka.admin.Cluster;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.reader.TopicRecords;
import dev.kstage.record.StoredRows;
import dev.kstage.report.Failure;
import dev.kstage.sink.jdbc.read.StoredDatabase;
import dev.kstage.sink.jdbc.read.StoredTable;
import dev.kstage.sink.jdbc.schema.TableName;
import dev.kstage.verify.read.StoredDirectory;
import dev.kstage.verify.read.StoredFile;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A kind of place for the events of a round, and how they are read back by code that is not the sink's. */
enum ChaosDestination {
    FILE("file") {
        @Override
        List<String> arguments(Own own) {
            return List.of("--to", own.directory().resolve("out.jsonl").toString());
        }

        @Override
        StoredRows rows(Own own) {
            return new StoredFile(own.directory().resolve("out.jsonl"));
        }
    },
    DIRECTORY("directory") {
        @Override
        List<String> arguments(Own own) {
            // Segments shorter than the life of a worker, so that there is something to be torn.
            return List.of("--to", own.directory().resolve("out") + "/", "--roll-every", "250ms");
        }

        @Override
        StoredRows rows(Own own) {
            return new StoredDirectory(own.directory().resolve("out"));
        }
    },
    TOPIC("topic") {
        @Override
        List<String> arguments(Own own) {
            return List.of("--to", "kafka:" + own.copy());
        }

        @Override
        StoredRows rows(Own own) {
            try (Cluster cluster = Cluster.connect(own.settings())) {
                Topic topic = cluster.topic(own.copy())
                        .orElseThrow(() -> new Failure(
                                Failure.Kind.CHECK, "nothing is stored", "there is no " + own.copy(), "read the logs"));
                return new TopicRecords(own.settings(), topic, StoredRows.Reached.NOTHING_TOLD);
            }
        }
    },
    SQLITE("sqlite") {
        @Override
        List<String> arguments(Own own) {
            return List.of("--to", "sqlite:" + own.directory().resolve("out.db"));
        }

        @Override
        StoredRows rows(Own own) {
            return own.table("sqlite:" + own.directory().resolve("out.db"));
        }
    },
    POSTGRESQL("postgresql://HOST/DB") {
        @Override
        List<String> arguments(Own own) {
            return List.of("--to", own.word());
        }

        @Override
        StoredRows rows(Own own) {
            return own.table(own.word());
        }

        @Override
        void remove(Own own) {
            own.table(own.word()).drop();
        }
    };

    /** Those that need nothing but this machine, in the order in which they take turns. */
    static final List<String> BY_THEMSELVES = List.of("file", "directory", "sqlite", "topic");

    private final String word;

    /**
     * What a round has for itself.
     *
     * @param settings how to reach the cluster
     * @param word the user's for the place: its kind, or the URL of a database
     * @param topic where its events are sent
     * @param directory where its files are
     */
    record Own(CommandContext session, ClientSettings settings, String word, String topic, Path directory) {
        /** The topic that they are stored in, where they are stored in one. */
        String copy() {
            return topic + "-copy";
        }

        /** The table that they are stored in, where they are stored in a database. */
        StoredTable table(String database) {
            String url = ((Destination.Database) Destination.of(database)).url();
            return new StoredTable(
                    new StoredDatabase(DatabaseAccess.BY_ITSELF.login(session, url)), TableName.of(topic));
        }

        /** Every topic that may have come to be. */
        List<String> topics() {
            return List.of(topic, copy(), copy() + ".dead-letter");
        }

        /** The id by which a run of produce is gone on with. */
        String runId() {
            return topic;
        }
    }

    ChaosDestination(String word) {
        this.word = word;
    }

    /** The options of {@code consume}. */
    abstract List<String> arguments(Own own);

    /** Whether it takes several writers. */
    boolean isShared() {
        return this != FILE && this != SQLITE;
    }

    /** What is stored, those of a partition in their order. */
    abstract StoredRows rows(Own own);

    /** Removes what is stored outside of the round's directory and its topics. */
    void remove(Own own) {}

    /** Reads the word of the command line. */
    static ChaosDestination of(String text) {
        for (ChaosDestination place : values()) {
            if (place.word.equals(text)) {
                return place;
            }
        }
        Destination named = Destination.of(text);
        boolean isPostgres =
                named instanceof Destination.Database database && database.url().startsWith("jdbc:postgresql:");
        if (isPostgres && ((Destination.Database) named).table() == null) {
            return POSTGRESQL;
        }
        throw new Failure(
                Failure.Kind.USAGE,
                // A file is shown as it was written, and may be meant as an address with a password.
                "cannot use --to " + (text.indexOf('@') < 0 ? named : "..."),
                "it is none of the kinds of place",
                "name one or more of: "
                        + Stream.of(values()).map(place -> place.word).collect(Collectors.joining(", ")));
    }

    /** Its kind in one word. */
    @Override
    public String toString() {
        return this == POSTGRESQL ? "postgresql" : word;
    }
}
