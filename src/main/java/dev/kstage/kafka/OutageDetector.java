package dev.kstage.kafka;

import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import dev.kstage.report.Text;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Tells silence from an outageDetector: a consumer that gets no records does not say whether there are none or
 * nobody answers. An outageDetector as long as a broker's restart with a long recovery is waited out.
 */
final class OutageDetector {
    private static final Duration ASK_EVERY = Duration.ofSeconds(5);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    /** Longer than that, a supervisor should know. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    private final Consumer<byte[], byte[]> consumer;
    private final String servers;
    private final StageProgress meter;
    private final LongSupplier clock;
    private long lastAnswer;
    private long lastQuestion;

    OutageDetector(Consumer<byte[], byte[]> consumer, String servers, StageProgress meter) {
        this(consumer, servers, meter, System::nanoTime);
    }

    /** @param clock in nanoseconds */
    OutageDetector(Consumer<byte[], byte[]> consumer, String servers, StageProgress meter, LongSupplier clock) {
        this.consumer = consumer;
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
     * Asks for the ends of partitions.
     *
     * @return the ends, or nothing where nobody answered
     * @throws Failure if nobody has answered for too long
     */
    Map<TopicPartition, Long> ask(Collection<TopicPartition> partitions) {
        lastQuestion = clock.getAsLong();
        try {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ANSWER_WITHIN);
            meter.waitingFor("");
            lastAnswer = clock.getAsLong();
            return ends;
        } catch (TimeoutException | NullPointerException e) {
            // The client stumbles when its metadata is renewed between two looks at a leader; that passes.
            Duration silence = Duration.ofNanos(clock.getAsLong() - lastAnswer);
            meter.waitingFor(servers + " to answer again");
            if (silence.compareTo(LONGEST) >= 0) {
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
