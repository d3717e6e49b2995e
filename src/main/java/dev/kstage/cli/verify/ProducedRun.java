package dev.kstage.cli.verify;

import org.jspecify.annotations.Nullable;

/**
 * The run whose events are looked for.
 *
 * @param topic where it sent them, if that is known
 * @param seed of its template; null for lines of a file
 * @param events how many it sent, acknowledged or not
 * @param unacknowledged how many of them the cluster did not acknowledge
 */
record ProducedRun(
        @Nullable String topic,
        @Nullable String runId,
        @Nullable Long seed,
        long events,
        long unacknowledged) {}
