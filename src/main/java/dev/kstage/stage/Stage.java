package dev.kstage.stage;

import dev.kstage.report.Meter;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The loop of both stages: goes where the sink stands, reads, transforms and commits until a rule says
 * stop. It holds what was read since the last commit and nothing else; whatever happens to it, the
 * sink's position decides what a next run reads.
 */
public final class Stage {
    private static final int MOST_RECORDS_A_POLL = 10_000;
    private static final long MOST_BYTES_A_COMMIT = 16 << 20;
    private static final long MOST_RECORDS_A_COMMIT = 100_000;
    // Short, so that a signal and the rules that look at the clock are noticed soon.
    private static final Duration WAIT = Duration.ofMillis(100);

    private final Source source;
    private final Transform transform;
    private final Sink sink;
    private final StopRules rules;
    private final Meter meter;
    private final BooleanSupplier interrupted;

    private Results results = new Results();
    private Positions read = Positions.NONE;
    private Positions committed = Positions.NONE;
    private long lastCommit;
    private long lastRecord;
    private long stored;
    private long filtered;
    private long deadLettered;

    /**
     * @param meter told how far the run is
     * @param interrupted asked between polls: true ends the run after a last commit
     */
    public Stage(
            Source source, Transform transform, Sink sink, StopRules rules, Meter meter, BooleanSupplier interrupted) {
        this.source = source;
        this.transform = transform;
        this.sink = sink;
        this.rules = rules;
        this.meter = meter;
        this.interrupted = interrupted;
    }

    /**
     * Runs until a rule or an interruption ends it. Source and sink stay open.
     *
     * @throws dev.kstage.report.Failure what the source or the sink can't go on from; everything
     *     committed before it stays
     */
    public Summary run() {
        committed = sink.open(source.origin());
        read = source.start(committed);
        long start = System.nanoTime();
        // Where a first run starts is a position too: a later run goes on from it, however this one ends.
        commit();
        lastRecord = start;
        long count = 0;
        StopReason reason;
        while ((reason = reasonToStop(count, start)) == null) {
            Batch batch = source.poll(rules.allowance(count, MOST_RECORDS_A_POLL), WAIT);
            if (!batch.records().isEmpty()) {
                for (Record record : batch.records()) {
                    transform.apply(record, results);
                }
                count += batch.records().size();
                lastRecord = System.nanoTime();
            }
            read = batch.to();
            meter.records(count);
            meter.left(source.left());
            if (isCommitDue()) {
                commit();
            }
        }
        commit();
        sink.settle();
        return new Summary(count, stored, filtered, deadLettered, reason, since(start), committed, source.left());
    }

    private @Nullable StopReason reasonToStop(long count, long start) {
        if (interrupted.getAsBoolean()) {
            return StopReason.INTERRUPTED;
        }
        StopReason reason = rules.reason(count, source.isAtEnd(), since(lastRecord), since(start));
        if (reason == StopReason.IDLE && !source.isQuiet()) {
            // An outage is no idleness: the clock starts again once a source answers that did not.
            lastRecord = System.nanoTime();
            return null;
        }
        return reason;
    }

    private boolean isCommitDue() {
        return results.bytes() >= MOST_BYTES_A_COMMIT
                || results.read() >= MOST_RECORDS_A_COMMIT
                || since(lastCommit).compareTo(sink.commitInterval()) >= 0;
    }

    private void commit() {
        lastCommit = System.nanoTime();
        if (results.read() == 0 && read.equals(committed)) {
            return;
        }
        sink.commit(results, read);
        stored += results.records().size();
        filtered += results.filtered();
        deadLettered += results.deadLetters().size();
        results = new Results();
        committed = read;
        source.stored(committed);
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }
}
