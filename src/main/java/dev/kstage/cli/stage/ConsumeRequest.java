package dev.kstage.cli.stage;

import dev.kstage.kafka.StartRule;
import dev.kstage.stage.StopRules;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a run of {@code consume} is to do.
 *
 * @param to a file, or null for standard output
 * @param group the consumer group, or null for the one that a file has of its own
 * @param from where a first run starts
 * @param stop when to stop
 * @param waitForTopic how long to wait for the topic to appear, or null not to wait
 */
record ConsumeRequest(
        String topic,
        @Nullable Path to,
        @Nullable String group,
        StartRule from,
        StopRules stop,
        @Nullable Duration waitForTopic) {}
