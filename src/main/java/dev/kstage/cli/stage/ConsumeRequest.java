package dev.kstage.cli.stage;

import dev.kstage.cli.option.Destination;
import dev.kstage.kafka.client.GroupMembership;
import dev.kstage.kafka.consumer.StartRule;
import dev.kstage.stage.StopRules;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a run of {@code consume} should do.
 *
 * @param store where and how to store
 * @param group the consumer group, or null for the group of the destination
 * @param sharing how to be a member of the group, if several workers share the destination
 * @param from where a first run starts
 * @param stop when to stop
 * @param waitForTopic how long to wait for a missing topic, or null not to wait
 * @param isFromGiven whether the user set {@code --from}, and wants to know if it has no effect
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
    /** This request with a destination of which more is known. */
    ConsumeRequest to(Destination destination) {
        return new ConsumeRequest(topic, store.at(destination), group, sharing, from, stop, waitForTopic, isFromGiven);
    }

    /** A request without {@code --from}. */
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

    /** This request with other stop rules. */
    ConsumeRequest stoppingBy(StopRules rules) {
        return new ConsumeRequest(topic, store, group, sharing, from, rules, waitForTopic, isFromGiven);
    }
}
