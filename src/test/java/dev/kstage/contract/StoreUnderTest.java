package dev.kstage.contract;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place of {@code consume --to}, read back with code that shares nothing with the sinks of kstage. It
 * is read while it is written too: what is there then is what a user would see.
 */
interface StoreUnderTest {
    /** What is known of no row of a place that does not keep it. */
    long UNKNOWN = -1;

    /** The place as the command line names it. */
    String place();

    /** Options of {@code consume} that have it commit soon and often. */
    default List<String> options() {
        return List.of();
    }

    /** What is stored, each partition in its order. */
    List<Row> rows();

    /** The dead letters, in any order. */
    List<DeadRow> deadLetters();

    /** The directory that must have room for more, or null if the place has none of its own. */
    default @Nullable Path room() {
        return null;
    }

    /** Keeps what it stores in {@link #room}, on a disk that was just put there, until that is let go of. */
    default Room moveIn() {
        return () -> {};
    }

    /** A disk that is in use until this is closed. */
    interface Room extends AutoCloseable {
        @Override
        void close();
    }

    /** Environment variables that {@code consume} needs for it. */
    default Map<String, String> environment() {
        return Map.of();
    }

    /** Waits until nothing that a killed run began holds back what {@link #rows} shows. */
    default void settle() {}

    /**
     * A stored record.
     *
     * @param offset in the topic it came from, or {@link #UNKNOWN}
     */
    record Row(int partition, long offset, String value) {}

    /** A dead letter, and where it came from. */
    record DeadRow(int partition, long offset, String reason) {}
}
