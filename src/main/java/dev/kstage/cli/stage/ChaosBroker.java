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

/** The broker of a round, and what is done to it: only ever one that was started for the purpose. */
final class ChaosBroker implements AutoCloseable {
    private static final EmbeddedKafka.Request AS_BEFORE =
            new EmbeddedKafka.Request(OptionalInt.empty(), OptionalInt.empty());

    private static final int MOST_TRIES = 30;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
    private static final Duration LONGEST_RETURN = Duration.ofMinutes(5);

    private final @Nullable EmbeddedKafka kafka;
    private final Queue<Fault> script;
    private @Nullable CompletableFuture<?> comingBack;
    private long lastChange = System.nanoTime();
    private long goneFor;
    private boolean gone;
    private int kills;

    /** @param kafka null if the cluster is the user's */
    ChaosBroker(@Nullable EmbeddedKafka kafka, List<Fault> script) {
        this.kafka = kafka;
        this.script = new ArrayDeque<>(kafka == null ? List.of() : script);
    }

    /** Does what is due. */
    void tick() {
        long now = System.nanoTime();
        Fault next = script.peek();
        if (kafka == null || comingBack != null) {
            settleIfBack(now);
        } else if (gone && now - lastChange >= goneFor) {
            // Beside the round: what happens to the stages while a broker comes back is of interest too.
            comingBack = CompletableFuture.runAsync(() -> comeBack(kafka))
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

    /** A client that has a port of its own chosen by the system may get the broker's while that is gone, for a while. */
    private static void comeBack(EmbeddedKafka kafka) {
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
        if (comingBack != null && comingBack.isDone()) {
            awaitReturn(comingBack);
            comingBack = null;
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

    /** Whether it is killed and not back yet. */
    boolean isGone() {
        return gone;
    }

    int kills() {
        return kills;
    }

    /** Waits for a return that has begun, so that nothing is started after all was taken down. */
    @Override
    public void close() {
        if (comingBack != null) {
            awaitReturn(comingBack);
            comingBack = null;
        }
    }
}
