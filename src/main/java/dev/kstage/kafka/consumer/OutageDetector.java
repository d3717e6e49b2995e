package dev.kstage.kafka.consumer;

import dev.kstage.kafka.admin.PartitionOffsets;
import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.report.Text;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Tells a topic without new records from a cluster that does not answer: to a consumer both look alike. It waits out an
 * outage that is as long as the restart of a broker.
 */
final class OutageDetector {
    private static final Duration ASK_EVERY = Duration.ofSeconds(5);

    private final PartitionOffsets offsets;
    private final String servers;
    private final StageProgress meter;
    private long lastAnswer = System.nanoTime();
    private long lastQuestion = lastAnswer;

    OutageDetector(PartitionOffsets offsets, String servers, StageProgress meter) {
        this.offsets = offsets;
        this.servers = servers;
        this.meter = meter;
    }

    /** The cluster has just answered. */
    void answered() {
        lastAnswer = System.nanoTime();
        lastQuestion = lastAnswer;
    }

    boolean isQuestionDue() {
        return System.nanoTime() - lastQuestion >= ASK_EVERY.toNanos();
    }

    /**
     * Asks for the end offsets of partitions.
     *
     * @return the end offsets; empty if the cluster did not answer
     * @throws Failure if the cluster has not answered for {@link ClientSettings#LONGEST_OUTAGE}
     */
    Map<TopicPartition, Long> ask(Collection<TopicPartition> partitions) {
        lastQuestion = System.nanoTime();
        try {
            Map<TopicPartition, Long> ends = offsets.ends(partitions);
            meter.waitingFor("");
            lastAnswer = System.nanoTime();
            return ends;
        } catch (RetriableException e) {
            Duration silence = Duration.ofNanos(System.nanoTime() - lastAnswer);
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
