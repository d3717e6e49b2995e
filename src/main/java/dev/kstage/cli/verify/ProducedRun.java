package dev.kstage.cli.verify;

import dev.kstage.verify.ExpectedKeys;
import org.jspecify.annotations.Nullable;

/**
 * The run to verify.
 *
 * @param topic its topic, if it is known
 * @param seed of its template; null for lines of a file
 * @param events number of events that it sent, acknowledged or not
 * @param unacknowledged number of events that the cluster did not acknowledge
 * @param keys the keys of its records; null if they are not known
 */
record ProducedRun(
        @Nullable String topic,
        @Nullable String runId,
        @Nullable Long seed,
        long events,
        long unacknowledged,
        @Nullable ExpectedKeys keys) {}
