package dev.kstage.cli.stage;

import dev.kstage.cli.option.Destination;
import dev.kstage.kafka.client.GroupMembership;
import dev.kstage.kafka.consumer.StartRule;
import dev.kstage.stage.StopRules;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a run of {@code consume} is to do.
 *
 * @param store where and how to store
 * @param group the consumer group, or null for the one that the place has of its own
 * @param sharing how to be a member of the group, where several runs share the place
 * @param from where a first run starts
 * @param stop when to stop
 * @param waitForTopic how long to wait for the topic to appear, or null not to wait
 * @param isFromGiven whether the user said where a first run starts, and wants to know if this is none
 */
record ConsumeRequest(
        String topic,
        DestinationRequest store,
        @Nullable String group,
        GroupMembership sharing,
        StartRule from,
        StopRules stop,
        @Nullable Duration waitForTopic,
        boolean isFromGiven) {
    /** The same into a place of which more is known. */
    ConsumeRequest to(Destination place) {
        return new ConsumeRequest(topic, store.at(place), group, sharing, from, stop, waitForTopic, isFromGiven);
    }

    /** Where a first run starts is nothing that the user said. */
    ConsumeRequest(
            String topic,
            DestinationRequest store,
            @Nullable String group,
            GroupMembership sharing,
            StartRule from,
            StopRules stop,
            @Nullable Duration waitForTopic) {
        this(topic, store, group, sharing, from, stop, waitForTopic, false);
    }

    /** The same with other rules of when to stop. */
    ConsumeRequest stoppingBy(StopRules rules) {
        return new ConsumeRequest(topic, store, group, sharing, from, rules, waitForTopic, isFromGiven);
    }
}
