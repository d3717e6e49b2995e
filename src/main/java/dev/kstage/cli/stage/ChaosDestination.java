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

/** A kind of destination for the events of a round, with a reader that shares no code with the sink. */
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
            // Segments are shorter than the life of a worker, so that kills can hit open ones.
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

    /** The kinds that need only this machine, in the order in which they take turns. */
    static final List<String> LOCAL = List.of("file", "directory", "sqlite", "topic");

    private final String word;

    /**
     * The resources of a round.
     *
     * @param settings how to connect to the cluster
     * @param word the user's argument: a kind of destination, or the URL of a database
     * @param topic the topic of its events
     * @param directory the directory of its files
     */
    record Own(CommandContext context, ClientSettings settings, String word, String topic, Path directory) {
        /** The topic with the results, for a topic destination. */
        String copy() {
            return topic + "-copy";
        }

        /** The table with the results, for a database. */
        StoredTable table(String database) {
            String url = ((Destination.Database) Destination.of(database)).url();
            return new StoredTable(new StoredDatabase(DatabaseAccess.NONE.login(context, url)), TableName.of(topic));
        }

        /** Every topic that the round may have created. */
        List<String> topics() {
            return List.of(topic, copy(), copy() + ".dead-letter");
        }

        /** The run id of produce, with which it continues. */
        String runId() {
            return topic;
        }
    }

    ChaosDestination(String word) {
        this.word = word;
    }

    /** The arguments of {@code consume}. */
    abstract List<String> arguments(Own own);

    /** Whether it supports several writers. */
    boolean isShared() {
        return this != FILE && this != SQLITE;
    }

    /** The stored rows, those of a partition in order. */
    abstract StoredRows rows(Own own);

    /** Removes results outside of the round's directory and topics. */
    void remove(Own own) {}

    /** Parses an argument. */
    static ChaosDestination of(String text) {
        for (ChaosDestination kind : values()) {
            if (kind.word.equals(text)) {
                return kind;
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
                // A file name is shown as written, and may be an address with a password.
                "cannot use --to " + (text.indexOf('@') < 0 ? named : "..."),
                "it is not a kind of destination",
                "use one or more of: "
                        + Stream.of(values()).map(kind -> kind.word).collect(Collectors.joining(", ")));
    }

    /** The kind in one word. */
    @Override
    public String toString() {
        return this == POSTGRESQL ? "postgresql" : word;
    }
}
