package dev.kstage.cli.stage;

import dev.kstage.source.LineFormat;
import dev.kstage.transform.Addressing;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a run of {@code produce} is to do.
 *
 * @param input a file, {@code -} for standard input, or null for generated events
 * @param format what a line of the input holds
 * @param count how many records at the most; always set for generated events
 * @param seed of the generated events
 * @param perSecond records per second, or 0 for as fast as it goes
 * @param compression the codec, or null for what the profile says
 * @param partitions of a topic that does not exist yet, or empty for the cluster's default
 * @param replication of a topic that does not exist yet, or empty for the cluster's default
 */
record ProduceRequest(
        String topic,
        @Nullable String input,
        LineFormat format,
        OptionalLong count,
        long seed,
        double perSecond,
        Addressing addressing,
        @Nullable String compression,
        Optional<Integer> partitions,
        Optional<Short> replication) {}
