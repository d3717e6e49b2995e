package dev.kstage.cli.stage;

import dev.kstage.cli.option.Place;
import java.time.Duration;
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
record StoreRequest(
        Place to, @Nullable String deadLetter, Duration rollEvery, long rollSize, DatabaseRequest database) {
    /** What stands for stopping at the first record that can't be stored. */
    static final String NO_DEAD_LETTER = "none";

    boolean stopsAtDeadLetter() {
        return NO_DEAD_LETTER.equals(deadLetter);
    }

    /** Of a place alone, the rest as it is by default. */
    static StoreRequest to(Place place) {
        StoreOptions defaults = new StoreOptions();
        return new StoreRequest(place, null, defaults.rollEvery, defaults.rollSize, defaults.database());
    }
}
