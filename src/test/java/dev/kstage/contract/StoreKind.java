package dev.kstage.contract;

import dev.kstage.installed.KafkaClients;
import dev.kstage.kafka.TopicSink;
import dev.kstage.sink.JsonLinesFile;
import dev.kstage.sink.SegmentDirectory;
import java.nio.file.Path;
import java.util.List;

/** The kinds of places that {@code consume} stores in, but for standard output, which owns no position. */
enum StoreKind {
    FILE {
        @Override
        List<String> failpoints() {
            return JsonLinesFile.FAILPOINTS;
        }

        @Override
        boolean isShared() {
            return false;
        }

        @Override
        StoreUnderTest at(Path room, KafkaClients kafka, String name) {
            return new FileStore(room);
        }
    },
    DIRECTORY {
        @Override
        List<String> failpoints() {
            return SegmentDirectory.FAILPOINTS;
        }

        @Override
        StoreUnderTest at(Path room, KafkaClients kafka, String name) {
            return new DirectoryStore(room);
        }
    },
    TOPIC {
        @Override
        List<String> failpoints() {
            return TopicSink.FAILPOINTS;
        }

        @Override
        StoreUnderTest at(Path room, KafkaClients kafka, String name) {
            return new TopicStore(kafka, name + ".out");
        }
    };

    /** The steps at which a test can have it die, in the order in which a commit reaches them. */
    abstract List<String> failpoints();

    /** Whether several runs may store in it at once. */
    boolean isShared() {
        return true;
    }

    /**
     * A place of this kind.
     *
     * @param room an empty directory
     * @param name unique to the test
     */
    abstract StoreUnderTest at(Path room, KafkaClients kafka, String name);
}
