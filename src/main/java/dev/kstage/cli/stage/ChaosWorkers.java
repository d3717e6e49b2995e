package dev.kstage.cli.stage;

import dev.kstage.cli.stage.Fault.Kind;
import dev.kstage.cli.terminal.ExitCode;
import dev.kstage.env.StageProcess;
import dev.kstage.report.Failure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/**
 * The processes of one stage in a round and their faults. One is always active: after a kill, a pause or a temporary
 * failure the same command is started again.
 */
final class ChaosWorkers implements AutoCloseable {
    private static final int MOST = 3;
    private static final Duration BEFORE_ANOTHER_TRY = Duration.ofMillis(300);
    private static final double USUAL_START = Duration.ofMillis(400).toNanos();
    private static final double MOST_SLOW = 8;
    private static final Duration LONGEST_SHUTDOWN = Duration.ofSeconds(20);
    private static final Duration FOR_STACKS = Duration.ofSeconds(1);
    private static final int KILLED = 128 + 9;
    private static final int TERMINATED = 128 + 15;
    // Killed, terminated, or failed temporarily, for example when it was fenced.
    private static final Set<Integer> EXPECTED = Set.of(KILLED, TERMINATED, ExitCode.TEMPORARY);

    /** Starts the stage's command in a process. */
    @FunctionalInterface
    interface Starter {
        /**
         * @param number of the process, from 1
         * @param joining whether it joins an active one
         */
        StageProcess start(int number, boolean joining);
    }

    private final String name;
    private final Starter starter;
    private final Queue<Fault> script;
    private final List<StageProcess> workers = new ArrayList<>();
    private final Map<StageProcess, Long> wakeAt = new HashMap<>();
    private final Map<StageProcess, Long> startOf = new HashMap<>();
    private final Map<Kind, Integer> done = new EnumMap<>(Kind.class);
    // How much longer than usual the last start took. Faults wait that much longer.
    private double slowness = 1;
    private int started;
    private boolean completed;
    private long lastDisturbance = System.nanoTime();
    private long nextTry = lastDisturbance;

    /**
     * @param name of the stage, for a person
     * @param script its faults
     */
    ChaosWorkers(String name, Starter starter, List<Fault> script) {
        this.name = name;
        this.starter = starter;
        this.script = new ArrayDeque<>(script);
    }

    /** Injects the faults that are due. */
    void tick() {
        long now = System.nanoTime();
        takeLeave(now);
        wakeThoseDue(now);
        if (completed) {
            return;
        }
        if (workers.stream().noneMatch(worker -> !worker.isPaused()) && now >= nextTry) {
            startOne(false);
        }
        disturb(now);
    }

    private void startOne(boolean joining) {
        StageProcess worker = starter.start(++started, joining);
        workers.add(worker);
        startOf.put(worker, System.nanoTime());
    }

    private void takeLeave(long now) {
        for (StageProcess worker : List.copyOf(workers)) {
            if (!worker.isAlive()) {
                workers.remove(worker);
                wakeAt.remove(worker);
                startOf.remove(worker);
                if (worker.exitCode() == ExitCode.DONE) {
                    completed = true;
                } else if (!EXPECTED.contains(worker.exitCode())) {
                    throw unexpected(name, worker);
                } else if (worker.exitCode() == ExitCode.TEMPORARY) {
                    nextTry = now + BEFORE_ANOTHER_TRY.toNanos();
                }
            }
        }
    }

    /** The failure for a process that ended with an unexpected exit code. */
    static Failure unexpected(String name, StageProcess worker) {
        String output = worker.messages().strip();
        return new Failure(
                Failure.Kind.CHECK,
                name + " ended with code " + worker.exitCode(),
                output.lines()
                        .filter(line -> line.contains("kstage: ") || line.contains("why: "))
                        .reduce("", (before, line) -> line.contains("why: ") ? before + "; " + line.strip() : line),
                "read " + worker.log());
    }

    private void wakeThoseDue(long now) {
        for (StageProcess worker : workers) {
            Long due = wakeAt.get(worker);
            if (due != null && now >= due) {
                wakeAt.remove(worker);
                worker.resume();
            }
        }
    }

    private void disturb(long now) {
        for (StageProcess worker : workers) {
            if (worker.isAtWork() && startOf.containsKey(worker)) {
                slowness = Math.max(1, Math.min(MOST_SLOW, (double) (now - startOf.remove(worker)) / USUAL_START));
            }
        }
        Fault next = script.peek();
        List<StageProcess> victims = workers.stream()
                .filter(worker -> !worker.isPaused() && worker.isAtWork())
                .toList();
        if (next == null || victims.isEmpty()) {
            lastDisturbance = now;
            return;
        }
        if (now - lastDisturbance < next.after().toNanos() * slowness) {
            return;
        }
        lastDisturbance = now;
        script.remove();
        StageProcess victim = victims.get(next.victim() % victims.size());
        if (next.kind().isKill()) {
            victim.kill();
        } else if (next.kind().isPause()) {
            if (!victim.pause()) {
                return;
            }
            wakeAt.put(victim, now + next.time().toNanos());
        } else if (workers.size() < MOST) {
            startOne(true);
        }
        done.merge(next.kind(), 1, Integer::sum);
    }

    /** Whether one of them has completed its work. */
    boolean haveCompleted() {
        return completed;
    }

    /** Whether one of them is paused. */
    boolean isAnyPaused() {
        return !wakeAt.isEmpty();
    }

    /** How often a fault of this kind was injected. */
    int times(Kind kind) {
        return done.getOrDefault(kind, 0);
    }

    /**
     * Lets the remaining processes end; paused ones are resumed.
     *
     * @param asked whether they are terminated
     */
    void shutdown(boolean asked) {
        completed = true;
        long end = System.nanoTime() + LONGEST_SHUTDOWN.toNanos();
        workers.forEach(StageProcess::resume);
        if (asked) {
            // A JVM that is terminated during its start may end with an error of its own.
            workers.forEach(worker -> {
                if (worker.isAtWork()) {
                    worker.terminate();
                } else {
                    worker.kill();
                }
            });
        }
        for (StageProcess worker : workers) {
            if (!worker.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                worker.kill();
            }
        }
        takeLeave(System.nanoTime());
    }

    /** Makes the remaining processes print thread dumps, because they may hang. */
    void dumpThreads() {
        workers.forEach(StageProcess::resume);
        workers.forEach(StageProcess::dumpThreads);
        workers.forEach(worker -> worker.awaitEnd(FOR_STACKS));
    }

    /** Kills the remaining processes. */
    @Override
    public void close() {
        workers.forEach(StageProcess::close);
        workers.clear();
    }
}
