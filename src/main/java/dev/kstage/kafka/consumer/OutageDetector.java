package dev.kstage.kafka.consumer;

import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.report.Text;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Tells silence from an outageDetector: a consumer that gets no records does not say whether there are none or
 * nobody answers. An outageDetector as long as a broker's restart with a long recovery is waited out.
 */
final class OutageDetector {
    private static final Duration ASK_EVERY = Duration.ofSeconds(5);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String servers;
    private final StageProgress meter;
    private long lastAnswer = System.nanoTime();
    private long lastQuestion = lastAnswer;

    OutageDetector(KafkaConsumer<byte[], byte[]> consumer, String servers, StageProgress meter) {
        this.consumer = consumer;
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
     * Asks for the ends of partitions.
     *
     * @return the ends, or nothing where nobody answered
     * @throws Failure if nobody has answered for too long
     */
    Map<TopicPartition, Long> ask(Collection<TopicPartition> partitions) {
        lastQuestion = System.nanoTime();
        try {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ANSWER_WITHIN);
            meter.waitingFor("");
            lastAnswer = System.nanoTime();
            return ends;
        } catch (TimeoutException | NullPointerException e) {
            // The client stumbles when its metadata is renewed between two looks at a leader; that passes.
            Duration silence = Duration.ofNanos(System.nanoTime() - lastAnswer);
            meter.waitingFor(servers + " to answer again");
            if (silence.compareTo(ClientSettings.LONGEST_OUTAGE) >= 0) {
                throw new Failure(
                        Failure.Kind.TEMPORARY,
                        servers + " does not answer any more",
                        "no answer for " + Text.duration(silence),
                        "everything committed is kept: once the cluster is back, run the same command again",
                        e);
            }
            return Map.of();
        }
    }
}
