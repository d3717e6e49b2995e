package dev.kstage.kafka.diagnosis;

import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.KafkaFailures;
import dev.kstage.report.Failure;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Explains exceptions of Kafka's clients. {@link KafkaFailures} maps most of them; for a failed TLS handshake and a
 * timeout the exception says too little, so the addresses of the cluster are probed.
 */
public final class FailureDiagnosis {
    // The user has waited for the timeout already, so the probes get little time.
    private static final Duration PROBE_TIME = Duration.ofMillis(1_500);

    private FailureDiagnosis() {}

    /**
     * @param what what was tried, as in "cannot …"
     * @param thrown what a client threw, wrapped or not
     * @param settings of the client
     */
    public static Failure of(String what, Throwable thrown, ClientSettings settings) {
        Throwable cause = KafkaFailures.cause(thrown);
        if (cause instanceof SslAuthenticationException tls) {
            return TlsFailure.of(what, tls, settings);
        }
        if (cause instanceof TimeoutException || cause instanceof java.util.concurrent.TimeoutException) {
            return ofListeners(what, settings).orElseGet(() -> KafkaFailures.late(what, cause, settings));
        }
        return KafkaFailures.of(what, cause, settings);
    }

    /** The failure of a timeout that an unreachable advertised address explains; empty if all can be reached. */
    public static Optional<Failure> ofListeners(String what, ClientSettings settings) {
        return ListenerCheck.look(settings, PROBE_TIME).map(report -> report.failure(what));
    }

    /** The part of the time limit in which an answer has to come, so that time is left to probe why none came. */
    public static Duration answerWithin(ClientSettings settings) {
        return answerWithin(settings.timeout());
    }

    /** The part of {@code limit} in which an answer has to come. */
    public static Duration answerWithin(Duration limit) {
        return limit.dividedBy(2).compareTo(PROBE_TIME) > 0 ? limit.minus(PROBE_TIME) : limit.dividedBy(2);
    }
}
