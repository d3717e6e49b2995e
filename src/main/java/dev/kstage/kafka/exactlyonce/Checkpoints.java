package dev.kstage.kafka.exactlyonce;

import dev.kstage.kafka.client.Topic;
import dev.kstage.kafka.producer.DeliveryStats;
import dev.kstage.kafka.transaction.GroupOffsets;
import dev.kstage.record.Fingerprint;
import dev.kstage.report.Failure;
import dev.kstage.stage.CommitConflict;
import dev.kstage.stage.DeadLetterLog;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The stored checkpoint of a run, as one attempt uses it. It rejects what does not belong to the run. */
final class Checkpoints {
    private final ResumableRun run;
    private final Topic topic;
    private final String attempt;
    private final GroupOffsets offsets;

    Checkpoints(ResumableRun run, Topic topic, String attempt, GroupOffsets offsets) {
        this.run = run;
        this.topic = topic;
        this.attempt = attempt;
        this.offsets = offsets;
    }

    /**
     * Fails if the run must not be resumed, as far as that is known before it is opened.
     *
     * @throws Failure if it is another one or has another input, or its checkpoint is gone
     */
    void refuseOther(RunHistory past, @Nullable Fingerprint input) {
        Checkpoint found = read(past.offsets());
        if (found != null) {
            requireSame(found);
            String sent = found.fingerprint();
            if (input != null && sent != null && !sent.equals(input.before(found.next()))) {
                throw otherInput("the part that was already sent has changed");
            }
        } else if (past.isSettled()) {
            past.requireNew(topic.name());
        }
    }

    /**
     * The stored checkpoint, or a new one.
     *
     * @param hasCommittedBefore whether the cluster knows that the run has committed something
     * @param fingerprint of no input at all, or null for generated events
     * @param deadLetters how long the file of dead-letter records is before the run, or null for none
     */
    Checkpoint storedOrNew(
            boolean hasCommittedBefore, @Nullable String fingerprint, DeadLetterLog.@Nullable Extent deadLetters) {
        Checkpoint found = stored();
        if (found == null) {
            run.requireNoOtherTopic(topic.name(), offsets.topics());
            if (hasCommittedBefore) {
                throw run.lapsed();
            }
            return new Checkpoint(
                    0,
                    parameters(),
                    topic.partitions(),
                    System.currentTimeMillis(),
                    attempt,
                    0,
                    fingerprint,
                    false,
                    deadLetters,
                    DeliveryStats.NONE);
        }
        requireSame(found);
        return found;
    }

    private RunParameters parameters() {
        Map<String, String> values = new TreeMap<>(run.parameters());
        values.put("topic", topic.name() + " " + topic.id());
        return RunParameters.of(values);
    }

    private void requireSame(Checkpoint found) {
        String difference = found.parameters().differenceFrom(parameters());
        if (!difference.isEmpty()) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "run " + run.id() + " was begun with other parameters, at " + time(found.begun()),
                    difference,
                    "give a new --run-id to send other events, or the same parameters to resume the run");
        }
    }

    private @Nullable Checkpoint stored() {
        int figures = Math.min(topic.partitions(), Checkpoint.MOST_PARTITIONS);
        List<TopicPartition> asked = IntStream.range(0, figures)
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        return read(offsets.decided(asked));
    }

    private @Nullable Checkpoint read(Map<TopicPartition, OffsetAndMetadata> known) {
        try {
            return Checkpoint.of(topic.name(), known);
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "group " + offsets.group() + " is not the group of a run",
                    "another application, or another release of kstage, has committed offsets to it",
                    "choose another --run-id",
                    e);
        }
    }

    /** The checkpoint that this attempt has taken over; fails if another attempt has taken it over since. */
    Checkpoint mine() {
        Checkpoint found = stored();
        if (found == null || !found.attempt().equals(attempt)) {
            throw takenOver(new CommitConflict("another attempt has taken over the checkpoint"));
        }
        return found;
    }

    Failure takenOver(RuntimeException cause) {
        return new Failure(
                Failure.Kind.TEMPORARY,
                "run " + run.id() + " goes on elsewhere",
                "it was started again, and the later attempt has taken it over",
                "wait for that attempt; nothing was sent twice",
                cause);
    }

    static Failure otherInput(String why) {
        return new Failure(
                Failure.Kind.USAGE,
                "the input of the run has changed",
                why,
                "restore the file, or send this one with a new --run-id");
    }

    static Instant time(long millis) {
        return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS);
    }
}
