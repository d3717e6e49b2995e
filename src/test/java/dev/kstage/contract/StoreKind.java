package dev.kstage.contract;

import dev.kstage.installed.KafkaClients;
import dev.kstage.kafka.exactlyonce.TopicSink;
import dev.kstage.sink.directory.SegmentDirectorySink;
import dev.kstage.sink.file.FileSink;
import dev.kstage.sink.jdbc.JdbcSink;
import java.nio.file.Path;
import java.util.List;

/** The kinds of places that {@code consume} stores in, but for standard output, which owns no position. */
enum StoreKind {
    FILE {
        @Override
        List<String> steps() {
            return FileSink.FAILPOINTS;
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
        List<String> steps() {
            return SegmentDirectorySink.FAILPOINTS.stream()
                    .filter(step -> !step.equals(LOST_RACE_OF_DIRECTORY))
                    .toList();
        }

        @Override
        StoreUnderTest at(Path room, KafkaClients kafka, String name) {
            return new DirectoryStore(room);
        }
    },
    SQLITE {
        @Override
        List<String> steps() {
            return JdbcSink.FAILPOINTS;
        }

        @Override
        boolean isShared() {
            return false;
        }

        @Override
        StoreUnderTest at(Path room, KafkaClients kafka, String name) {
            return TableStore.inSqlite(room, name);
        }
    },
    POSTGRESQL {
        @Override
        List<String> steps() {
            return JdbcSink.FAILPOINTS;
        }

        @Override
        StoreUnderTest at(Path room, KafkaClients kafka, String name) {
            return TableStore.inPostgres(OnePostgres.server(), name);
        }
    },
    TOPIC {
        @Override
        List<String> steps() {
            return TopicSink.FAILPOINTS;
        }

        @Override
        StoreUnderTest at(Path room, KafkaClients kafka, String name) {
            return new TopicStore(kafka, name + ".out");
        }
    };

    /** Where a directory finds that another process has won; a step that no run by itself ever reaches. */
    static final String LOST_RACE_OF_DIRECTORY = "directory.d";

    /** The steps of every commit at which a test can have it die, in their order. */
    abstract List<String> steps();

    /** Whether several runs may store in it at once. */
    boolean isShared() {
        return true;
    }

    /**
     * A place of this kind.
     *
     * @param room an empty directory
     * @param name unique to the test, and that of the topic
     */
    abstract StoreUnderTest at(Path room, KafkaClients kafka, String name);
}
