package dev.kstage.kafka.admin;

import dev.kstage.kafka.client.ClientSettings;
import dev.kstage.kafka.client.KafkaFailures;
import dev.kstage.kafka.diagnosis.FailureDiagnosis;
import dev.kstage.kafka.diagnosis.ListenerCheck;
import dev.kstage.kafka.diagnosis.ListenerReport;
import dev.kstage.kafka.diagnosis.ParallelProbes;
import dev.kstage.report.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/**
 * Waits for answers to an admin client. If an answer is overdue, the advertised addresses of the cluster are probed
 * meanwhile: if none can be reached from here, no answer will come.
 */
final class AdminCalls {
    // An answer of a cluster that is well takes milliseconds, and up to a second or so over a bad network.
    private static final Duration OVERDUE = Duration.ofSeconds(1);
    // The client itself ends a request at the limit; this is for one that it forgets.
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final ClientSettings settings;
    private final Duration limit;
    private @Nullable CompletableFuture<Optional<ListenerReport>> check;

    /** @param limit the longest that the client takes for an answer */
    AdminCalls(ClientSettings settings, Duration limit) {
        this.settings = settings;
        this.limit = limit;
    }

    /**
     * @param what what was tried, as in "cannot …"
     * @throws ExecutionException what the client says, other than that its time was up
     * @throws Failure if there was no answer in time, or there can't be one
     */
    <T> T await(String what, KafkaFuture<T> future) throws ExecutionException {
        try {
            return answer(what, future);
        } catch (TimeoutException e) {
            throw late(what, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException late) {
                throw late(what, late);
            }
            throw e;
        } catch (InterruptedException e) {
            throw KafkaFailures.interrupted(e);
        }
    }

    /** Waits for an answer; an error of the client becomes a failure. */
    <T> T orFailure(String what, KafkaFuture<T> future) {
        try {
            return await(what, future);
        } catch (ExecutionException e) {
            throw FailureDiagnosis.of(what, e, settings);
        }
    }

    private <T> T answer(String what, KafkaFuture<T> future)
            throws ExecutionException, InterruptedException, TimeoutException {
        Duration overdue = limit.dividedBy(4).compareTo(OVERDUE) < 0 ? limit.dividedBy(4) : OVERDUE;
        try {
            return future.get(overdue.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            Duration left = limit.minus(overdue);
            stopIfHopeless(what, future, left);
            return future.get(left.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Waits for the answer or for what the check finds, whichever comes first. */
    private void stopIfHopeless(String what, KafkaFuture<?> future, Duration left) throws InterruptedException {
        CompletableFuture<Optional<ListenerReport>> begun = check;
        if (begun == null) {
            begun = ListenerCheck.start(settings, left);
            check = begun;
        }
        CompletableFuture<?> answered = future.toCompletionStage().toCompletableFuture();
        try {
            CompletableFuture.anyOf(begun, answered).get(left.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return;
        }
        Optional<ListenerReport> found = ParallelProbes.await(begun, Duration.ZERO, Optional.empty());
        if (!answered.isDone() && found.isPresent() && found.get().isHopeless()) {
            throw found.get().failure(what);
        }
    }

    private Failure late(String what, Exception e) {
        CompletableFuture<Optional<ListenerReport>> begun = check;
        Optional<ListenerReport> found =
                begun == null ? Optional.empty() : ParallelProbes.await(begun, GRACE, Optional.empty());
        return found.map(report -> report.failure(what)).orElseGet(() -> KafkaFailures.late(what, e, settings));
    }
}
