package dev.kstage.kafka.transaction;

import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.diagnosis.FailureDiagnosis;
import dev.kstage.report.Failure;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;

/** Maps authorization errors of transactions to the missing permission. */
final class TransactionAuthorization {
    private TransactionAuthorization() {}

    /** @param id the transactional id */
    static Failure of(String what, String id, Throwable cause, ClientSettings settings) {
        if (cause instanceof TransactionalIdAuthorizationException) {
            return denied(what, "Write on transactional id " + id, cause);
        }
        if (cause instanceof GroupAuthorizationException group) {
            return denied(what, "Read on group " + group.groupId(), cause);
        }
        if (cause instanceof TopicAuthorizationException topics) {
            return denied(what, "Write and Read on topic " + String.join(", ", topics.unauthorizedTopics()), cause);
        }
        return FailureDiagnosis.of(what, cause, settings);
    }

    private static Failure denied(String what, String permission, Throwable cause) {
        return new Failure(
                Failure.Kind.FAILED,
                what,
                "not allowed: exactly once needs " + permission,
                "ask for this permission (ACL) for this user",
                cause);
    }
}
