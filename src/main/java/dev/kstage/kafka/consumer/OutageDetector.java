package dev.kstage.kafka.consumer;

import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.report.Text;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Tells a topic without new records from a cluster that does not answer: to a consumer both look alike. It waits out an
 * outage that is as long as the restart of a broker.
 */
final class OutageDetector {
    private static final Duration ASK_EVERY = Duration.ofSeconds(5);

    private final Function<Collection<TopicPartition>, Map<TopicPartition, Long>> endOffsets;
    private final String servers;
    private final StageProgress meter;
    private final LongSupplier clock;
    private long lastAnswer;
    private long lastQuestion;

    OutageDetector(
            Function<Collection<TopicPartition>, Map<TopicPartition, Long>> endOffsets,
            String servers,
            StageProgress meter) {
        this(endOffsets, servers, meter, System::nanoTime);
    }

    /** @param clock in nanoseconds */
    OutageDetector(
            Function<Collection<TopicPartition>, Map<TopicPartition, Long>> endOffsets,
            String servers,
            StageProgress meter,
            LongSupplier clock) {
        this.endOffsets = endOffsets;
        this.servers = servers;
        this.meter = meter;
        this.clock = clock;
        lastAnswer = clock.getAsLong();
        lastQuestion = lastAnswer;
    }

    /** The cluster has just answered. */
    void answered() {
        lastAnswer = clock.getAsLong();
        lastQuestion = lastAnswer;
    }

    boolean isQuestionDue() {
        return clock.getAsLong() - lastQuestion >= ASK_EVERY.toNanos();
    }

    /**
     * Asks for the end offsets of partitions.
     *
     * @return the end offsets; empty if the cluster did not answer
     * @throws Failure if the cluster has not answered for {@link ClientSettings#LONGEST_OUTAGE}
     */
    Map<TopicPartition, Long> ask(Collection<TopicPartition> partitions) {
        lastQuestion = clock.getAsLong();
        try {
            Map<TopicPartition, Long> ends = endOffsets.apply(partitions);
            meter.waitingFor("");
            lastAnswer = clock.getAsLong();
            return ends;
        } catch (RetriableException e) {
            Duration silence = Duration.ofNanos(clock.getAsLong() - lastAnswer);
            meter.waitingFor(servers + " to answer again");
            if (silence.compareTo(ClientSettings.LONGEST_OUTAGE) >= 0) {
                throw new Failure(
                        Failure.Kind.TEMPORARY,
                        servers + " does not answer any more",
                        "no answer for " + Text.duration(silence),
                        "everything committed stays: run the same command again when the cluster is back",
                        e);
            }
            return Map.of();
        }
    }
}
