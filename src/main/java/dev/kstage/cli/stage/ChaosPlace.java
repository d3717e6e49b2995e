package dev.kstage.cli.stage;

import dev.kstage.kafka.ClientSettings;
import dev.kstage.kafka.Cluster;
import dev.kstage.kafka.Topic;
import dev.kstage.kafka.TopicRows;
import dev.kstage.report.Failure;
import dev.kstage.stage.StoredRows;
import dev.kstage.verify.StoredDirectory;
import dev.kstage.verify.StoredFile;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A kind of place for the events of a round, and how they are read back by code that is not the sink's. */
enum ChaosPlace {
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
                return new TopicRows(own.settings(), topic, StoredRows.Reached.NOTHING_TOLD);
            }
        }
    };

    private final String word;

    /**
     * What a round has for itself.
     *
     * @param topic where its events are sent
     * @param directory where its files are
     * @param settings how to reach the cluster
     */
    record Own(String topic, Path directory, ClientSettings settings) {
        /** The topic that they are stored in, where they are stored in one. */
        String copy() {
            return topic + "-copy";
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

    ChaosPlace(String word) {
        this.word = word;
    }

    /** The options of {@code consume}. */
    abstract List<String> arguments(Own own);

    /** What is stored, those of a partition in their order. */
    abstract StoredRows rows(Own own);

    /** Reads the word of the command line. */
    static ChaosPlace of(String text) {
        for (ChaosPlace place : values()) {
            if (place.word.equals(text)) {
                return place;
            }
        }
        throw new Failure(
                Failure.Kind.USAGE,
                "cannot use --to " + text,
                "it is none of the kinds of place",
                "name one or more of: "
                        + Stream.of(values()).map(place -> place.word).collect(Collectors.joining(", ")));
    }

    @Override
    public String toString() {
        return word;
    }
}
