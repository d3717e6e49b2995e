package dev.kstage.cli.verify;

import dev.kstage.verify.ExpectedKeys;
import org.jspecify.annotations.Nullable;

/**
 * The run whose events are looked for.
 *
 * @param topic where it sent them, if that is known
 * @param seed of its template; null for lines of a file
 * @param events how many it sent, acknowledged or not
 * @param unacknowledged how many of them the cluster did not acknowledge
 * @param keys that it gave to what it sent; null if they are not known
 */
record ProducedRun(
        @Nullable String topic,
        @Nullable String runId,
        @Nullable Long seed,
        long events,
        long unacknowledged,
        @Nullable ExpectedKeys keys) {}
