package dev.kstage.kafka.transaction;

import dev.kstage.report.Failure;
import java.util.List;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Classifies exceptions of a transactional producer by what a run can do about them. */
final class TransactionFailure {
    private static final List<Class<? extends Exception>> LASTING = List.of(
            AuthenticationException.class,
            AuthorizationException.class,
            InvalidRecordException.class,
            InvalidTimestampException.class,
            InvalidTopicException.class,
            OffsetMetadataTooLarge.class,
            RecordTooLargeException.class,
            SerializationException.class,
            UnknownTopicOrPartitionException.class,
            UnsupportedVersionException.class);

    private TransactionFailure() {}

    /** What the client wraps when it says that it can't go on. */
    static Throwable root(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getClass().equals(KafkaException.class) && cause.getCause() instanceof KafkaException inner) {
            cause = inner;
        }
        return cause;
    }

    /** Whether another producer has the transactional id, or the cluster has aborted the transaction. */
    static boolean isFencing(Throwable cause) {
        return cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException;
    }

    /** Whether another member of the group has the partitions. */
    static boolean isLostRace(Throwable cause) {
        return cause instanceof CommitFailedException || cause instanceof FencedInstanceIdException;
    }

    /** Whether another try would fail as well. */
    static boolean isLasting(Throwable cause) {
        return LASTING.stream().anyMatch(each -> each.isInstance(cause));
    }

    /** Turns a failure into a temporary one: the same command resumes after it. */
    static Failure temporary(Failure failure, Throwable cause) {
        return new Failure(
                Failure.Kind.TEMPORARY,
                failure.what(),
                failure.why(),
                "check that the cluster is up; run the same command again, and it resumes after the last commit",
                cause);
    }
}
