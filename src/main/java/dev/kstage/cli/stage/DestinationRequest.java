package dev.kstage.cli.stage;

import dev.kstage.cli.option.DatabaseAccess;
import dev.kstage.cli.option.Destination;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a run of {@code consume} is to store.
 *
 * @param to the place of the results
 * @param deadLetter the place of the dead letters in the words of that kind of place, {@code none} for
 *     stopping at the first, or null for one beside the results
 * @param rollEvery how long a segment of a directory grows at the most
 * @param rollSize how large a segment of a directory grows, in bytes
 * @param database what else is said of a database
 */
record DestinationRequest(
        Destination to, @Nullable String deadLetter, Duration rollEvery, long rollSize, DatabaseRequest database) {
    /** How long a segment grows unless the user says otherwise. */
    static final Duration ROLL_EVERY = Duration.ofSeconds(10);

    /** How large the segments grow unless the user says otherwise. */
    static final long ROLL_SIZE = 64L << 20;

    /** What stands for stopping at the first record that can't be stored. */
    static final String NO_DEAD_LETTER = "none";

    boolean stopsAtDeadLetter() {
        return NO_DEAD_LETTER.equals(deadLetter);
    }

    /** The same at a place of which more is known. */
    DestinationRequest at(Destination place) {
        return new DestinationRequest(place, deadLetter, rollEvery, rollSize, database);
    }

    /** Of a place alone, the rest as it is by default. */
    static DestinationRequest to(Destination place) {
        return new DestinationRequest(
                place, null, ROLL_EVERY, ROLL_SIZE, new DatabaseRequest(DatabaseAccess.BY_ITSELF, List.of(), false));
    }
}
