package dev.kstage.cli.stage;

import dev.kstage.cli.option.DatabaseAccess;
import dev.kstage.cli.option.Destination;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a run of {@code consume} stores.
 *
 * @param to the destination of the results
 * @param deadLetter the destination of the dead-letter records, in the form of that kind of destination; {@code none}
 *     to stop at the first; null for the default
 * @param rollEvery maximum time of a segment of a directory
 * @param rollSize maximum size of the segments of a directory, in bytes
 * @param database other options for a database
 */
record DestinationRequest(
        Destination to, @Nullable String deadLetter, Duration rollEvery, long rollSize, DatabaseRequest database) {
    /** The default maximum time of a segment. */
    static final Duration ROLL_EVERY = Duration.ofSeconds(10);

    /** The default maximum size of the segments. */
    static final long ROLL_SIZE = 64L << 20;

    /** The value that stops at the first record that can't be stored. */
    static final String NO_DEAD_LETTER = "none";

    boolean stopsAtDeadLetter() {
        return NO_DEAD_LETTER.equals(deadLetter);
    }

    /** This request with a destination of which more is known. */
    DestinationRequest at(Destination destination) {
        return new DestinationRequest(destination, deadLetter, rollEvery, rollSize, database);
    }

    /** A request with defaults for everything but the destination. */
    static DestinationRequest to(Destination destination) {
        return new DestinationRequest(
                destination, null, ROLL_EVERY, ROLL_SIZE, new DatabaseRequest(DatabaseAccess.NONE, List.of(), false));
    }
}
