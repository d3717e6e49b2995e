package dev.kstage.cli.stage;

import dev.kstage.env.EmbeddedKafka;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The broker of a round and its faults; only a broker that was started for the test. */
final class ChaosBroker implements AutoCloseable {
    private static final EmbeddedKafka.Request AS_BEFORE =
            new EmbeddedKafka.Request(OptionalInt.empty(), OptionalInt.empty());

    private static final int MOST_TRIES = 30;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
    private static final Duration LONGEST_RETURN = Duration.ofMinutes(5);

    private final @Nullable EmbeddedKafka kafka;
    private final Queue<Fault> script;
    private @Nullable CompletableFuture<?> restarting;
    private long lastChange = System.nanoTime();
    private long goneFor;
    private boolean gone;
    private int kills;

    /** @param kafka null if the cluster belongs to the user */
    ChaosBroker(@Nullable EmbeddedKafka kafka, List<Fault> script) {
        this.kafka = kafka;
        this.script = new ArrayDeque<>(kafka == null ? List.of() : script);
    }

    /** Injects the faults that are due. */
    void tick() {
        long now = System.nanoTime();
        Fault next = script.peek();
        if (kafka == null || restarting != null) {
            settleIfBack(now);
        } else if (gone && now - lastChange >= goneFor) {
            // In the background, because the stages should be observed while a broker restarts.
            restarting = CompletableFuture.runAsync(() -> restart(kafka))
                    .orTimeout(LONGEST_RETURN.toMinutes(), TimeUnit.MINUTES);
        } else if (!gone && next != null && now - lastChange >= next.after().toNanos()) {
            script.remove();
            kafka.kill();
            kills++;
            gone = true;
            goneFor = next.time().toNanos();
            lastChange = now;
        }
    }

    /** Retries, because a client may get the broker's port as its ephemeral port while the broker is down. */
    private static void restart(EmbeddedKafka kafka) {
        for (int tries = 1; ; tries++) {
            try {
                kafka.up(AS_BEFORE);
                return;
            } catch (Failure e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
            }
        }
    }

    private void settleIfBack(long now) {
        if (restarting != null && restarting.isDone()) {
            awaitReturn(restarting);
            restarting = null;
            gone = false;
            lastChange = now;
        }
    }

    private static void awaitReturn(CompletableFuture<?> coming) {
        try {
            coming.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new Failure(
                        Failure.Kind.FAILED,
                        "the broker of the round does not restart",
                        "it was restarted " + Text.duration(LONGEST_RETURN) + " ago",
                        "read its log, and check that this machine is not overloaded");
            }
            throw e.getCause() instanceof Failure failure ? failure : e;
        }
    }

    /** Whether the broker is killed and has not restarted yet. */
    boolean isGone() {
        return gone;
    }

    int kills() {
        return kills;
    }

    /** Waits for a restart in progress, so that nothing starts after the environment was removed. */
    @Override
    public void close() {
        if (restarting != null) {
            awaitReturn(restarting);
            restarting = null;
        }
    }
}
