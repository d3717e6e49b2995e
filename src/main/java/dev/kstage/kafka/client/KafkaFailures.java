package dev.kstage.kafka.client;

import dev.kstage.report.Failure;
import dev.kstage.report.Failure.Kind;
import dev.kstage.report.Text;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Maps exceptions of Kafka's clients to failures: what failed, why, and what to do. It makes no connection. */
public final class KafkaFailures {
    private static final Pattern CLIENT_LIMIT = Pattern.compile(
            ",? which is larger than (\\d+), which is the value of the max\\.request\\.size configuration");

    private KafkaFailures() {}

    /**
     * @param what what was tried, as in "cannot …"
     * @param thrown what a client threw, wrapped or not
     * @param settings of the client, to name the servers
     */
    public static Failure of(String what, Throwable thrown, ClientSettings settings) {
        Throwable cause = cause(thrown);
        if (cause instanceof Failure failure) {
            return failure;
        }
        String reason = reason(cause);
        if (cause instanceof AuthenticationException) {
            return new Failure(
                    Kind.USAGE,
                    what,
                    settings.bootstrapServers() + " refuses these credentials: " + reason,
                    "check user name, password and sasl.mechanism in the profile",
                    cause);
        }
        if (cause instanceof AuthorizationException) {
            return new Failure(
                    Kind.FAILED,
                    what,
                    "not allowed: " + reason,
                    "ask for the missing permission (ACL) for this user",
                    cause);
        }
        if (cause instanceof UnsupportedVersionException) {
            return new Failure(
                    Kind.USAGE,
                    what,
                    "the broker is too old for this: " + reason,
                    "use a cluster of a newer Kafka",
                    cause);
        }
        if (cause instanceof UnknownTopicOrPartitionException) {
            return new Failure(
                    Kind.FAILED,
                    what,
                    "there is no such topic",
                    "`kstage topic list` shows the existing topics",
                    cause);
        }
        if (cause instanceof InvalidTopicException) {
            return TopicName.refused(what, reason, cause);
        }
        if (cause instanceof InvalidPartitionsException
                || cause instanceof InvalidReplicationFactorException
                || cause instanceof InvalidConfigurationException
                || cause instanceof PolicyViolationException) {
            return new Failure(Kind.USAGE, what, reason, "correct the option that it names", cause);
        }
        if (cause instanceof RecordTooLargeException) {
            return new Failure(
                    Kind.FAILED,
                    what,
                    tooLarge(reason, settings),
                    "raise max.message.bytes of the topic and -X max.request.size=BYTES, or send smaller records",
                    cause);
        }
        if (cause instanceof TimeoutException || cause instanceof java.util.concurrent.TimeoutException) {
            return late(what, cause, settings);
        }
        if (cause instanceof FencedInstanceIdException) {
            return new Failure(
                    Kind.TEMPORARY,
                    what,
                    "another worker with the same --group-instance-id has replaced this one",
                    "wait for that worker, or give each worker its own --group-instance-id",
                    cause);
        }
        return cause instanceof RetriableException
                ? new Failure(Kind.TEMPORARY, what, reason, "run the same command again", cause)
                : new Failure(Kind.FAILED, what, reason, "run with -vv to see the stack trace", cause);
    }

    /** What an {@link ExecutionException} wraps, or the exception itself. */
    public static Throwable cause(Throwable thrown) {
        return thrown instanceof ExecutionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    /** A time that was up, where nobody knows why. */
    public static Failure late(String what, Throwable cause, ClientSettings settings) {
        return new Failure(
                Kind.TEMPORARY,
                what,
                settings.bootstrapServers() + " accepts connections but gave no answer in time: " + reason(cause),
                "check that it is a Kafka listener, that security.protocol matches it, and that the addresses it advertises can be reached from here",
                cause);
    }

    /** The client is told the limit of the topic as its own, unless the user set a smaller one. */
    private static String tooLarge(String reason, ClientSettings settings) {
        Matcher limit = CLIENT_LIMIT.matcher(reason);
        if (!limit.find() || settings.largestRequest().equals(limit.group(1))) {
            return reason;
        }
        return limit.replaceFirst(", and max.message.bytes of the topic allows $1");
    }

    /** The failure of a thread that was interrupted while it waited; its interrupted status is set again. */
    public static Failure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Failure(Kind.TEMPORARY, "interrupted", "this thread was interrupted", "run it again", e);
    }

    /** The message in one line, without the package of an exception's name. */
    public static String reason(Throwable cause) {
        String message = cause.getMessage();
        String line = message == null || message.isBlank()
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
        return Text.harmless(line);
    }
}
