package dev.kstage.cli.stage;

import dev.kstage.env.EmbeddedKafka;
import dev.kstage.report.Failure;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The broker of a round, and what is done to it: only ever one that was started for the purpose. */
final class ChaosBroker implements AutoCloseable {
    private static final EmbeddedKafka.Request AS_BEFORE =
            new EmbeddedKafka.Request(OptionalInt.empty(), OptionalInt.empty());

    private final @Nullable EmbeddedKafka kafka;
    private final Queue<Disturbance> script;
    private @Nullable CompletableFuture<?> comingBack;
    private long lastChange = System.nanoTime();
    private long goneFor;
    private boolean gone;
    private int kills;

    /** @param kafka null if the cluster is the user's */
    ChaosBroker(@Nullable EmbeddedKafka kafka, List<Disturbance> script) {
        this.kafka = kafka;
        this.script = new ArrayDeque<>(kafka == null ? List.of() : script);
    }

    /** Does what is due. */
    void tick() {
        long now = System.nanoTime();
        Disturbance next = script.peek();
        if (kafka == null || comingBack != null) {
            settleIfBack(now);
        } else if (gone && now - lastChange >= goneFor) {
            // Beside the round: what happens to the stages while a broker comes back is of interest too.
            comingBack = CompletableFuture.runAsync(() -> kafka.up(AS_BEFORE));
        } else if (!gone && next != null && now - lastChange >= next.after().toNanos()) {
            script.remove();
            kafka.kill();
            kills++;
            gone = true;
            goneFor = next.time().toNanos();
            lastChange = now;
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
