package dev.kstage.stage;

import dev.kstage.record.DeadLetter;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.report.StageProgress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The loop of both stages: seeks to the sink's offsets, reads, transforms, writes and commits until a stop rule ends
 * the run. Only the offsets in the sink decide what the next run reads.
 */
public final class Stage {
    private static final int MOST_RECORDS_A_POLL = 10_000;
    // Short, so that a signal and the time rules take effect soon.
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
    // Other workers may take partitions over; the next commit of this run then covers other partitions.
    private static final int MOST_CONFLICTS = 10;
    private static final Duration LONGEST_CONFLICT = Duration.ofMinutes(2);
    // Longer than the time between two failures of one outage: a pause plus a connection timeout.
    private static final Duration OUTAGE_GAP = Duration.ofSeconds(20);

    private final Source source;
    private final Transform transform;
    private final Sink sink;
    private final StopRules rules;
    private final StageProgress progress;
    private final BooleanSupplier interrupted;
    private final LongSupplier clock;
    private final PartitionListener listener = new Assignment();

    private Positions read = Positions.NONE;
    private Positions committed = Positions.NONE;
    private int initialPartitions;
    private boolean hasBegun;
    // The number of records after which positions, at the last poll.
    private long lag = -1;
    private Positions lagAt = Positions.NONE;
    private boolean isDropped;
    private long start;
    private long lastCommit;
    private long lastRecord;
    private long failingSince;
    private long lastFailure;
    private int conflicts;
    private long firstConflict;
    private Duration pause = Duration.ZERO;
    private final Map<Integer, Counts> written = new HashMap<>();
    private Positions committing = Positions.NONE;
    private Counts stored = Counts.NONE;

    /** Counts of stored, filtered and dead-letter records. */
    private record Counts(long stored, long filtered, long deadLettered) {
        static final Counts NONE = new Counts(0, 0, 0);

        static Counts in(Results results) {
            return new Counts(
                    results.records().size(),
                    results.filtered(),
                    results.deadLetters().size());
        }

        Counts since(Counts before) {
            return new Counts(stored - before.stored, filtered - before.filtered, deadLettered - before.deadLettered);
        }

        Counts and(Counts other) {
            return new Counts(stored + other.stored, filtered + other.filtered, deadLettered + other.deadLettered);
        }

        /** These counts if the sink rejected {@code more} of the records to store. */
        Counts rejected(long more) {
            return new Counts(stored - more, filtered, deadLettered + more);
        }

        long read() {
            return stored + filtered + deadLettered;
        }
    }

    /**
     * @param progress receives the progress of the run
     * @param interrupted polled between batches; true ends the run after a last commit
     */
    public Stage(
            Source source,
            Transform transform,
            Sink sink,
            StopRules rules,
            StageProgress progress,
            BooleanSupplier interrupted) {
        this(source, transform, sink, rules, progress, interrupted, System::nanoTime);
    }

    /** @param clock nanoseconds since any fixed time */
    Stage(
            Source source,
            Transform transform,
            Sink sink,
            StopRules rules,
            StageProgress progress,
            BooleanSupplier interrupted,
            LongSupplier clock) {
        this.source = source;
        this.transform = transform;
        this.sink = sink;
        this.rules = rules;
        this.progress = progress;
        this.interrupted = interrupted;
        this.clock = clock;
    }

    /**
     * Runs until a rule or an interruption ends it. Source and sink stay open.
     *
     * @throws dev.kstage.report.Failure if the source or the sink can't continue; what was committed before stays
     */
    public Summary run() {
        start = clock.getAsLong();
        lastCommit = start;
        initialPartitions = sink.open(source.origin(), source.partitions());
        hasBegun = true;
        StopReason reason = null;
        boolean started = false;
        while (reason == null) {
            try {
                if (!started) {
                    source.start(listener);
                    started = true;
                    lastRecord = clock.getAsLong();
                } else if (isDropped) {
                    isDropped = false;
                    source.restart();
                }
                reason = isDropped ? null : reasonToStop();
                if (reason == null) {
                    step();
                } else {
                    commit();
                    sink.flush();
                }
            } catch (CommitConflict e) {
                dropOpenBatch();
                reason = null;
                failAfterTooMany(e);
            } catch (RetriableFailure e) {
                dropOpenBatch();
                reason = null;
                pauseBeforeRetry(e);
            }
        }
        return summary(reason, source.lagAtEnd());
    }

    /** What was stored until a failure ended {@link #run}; empty if the sink was not open yet. */
    public Optional<Summary> untilFailure() {
        // The source is not queried: it may be what failed.
        long unstored = lagAt.movedSince(committed).next().entrySet().stream()
                .mapToLong(each -> each.getValue() - committed.next().getOrDefault(each.getKey(), each.getValue()))
                .sum();
        return hasBegun ? Optional.of(summary(StopReason.FAILURE, lag < 0 ? lag : lag + unstored)) : Optional.empty();
    }

    private Summary summary(StopReason reason, long leftNow) {
        return new Summary(
                stored.read(),
                stored.stored,
                stored.filtered,
                stored.deadLettered,
                reason,
                since(start),
                committed,
                leftNow);
    }

    private void step() {
        Batch batch = source.poll(rules.allowance(count(), MOST_RECORDS_A_POLL), WAIT);
        if (isDropped) {
            return;
        }
        lag = source.lag();
        lagAt = read.and(batch.to());
        if (batch.read() > 0) {
            write(batch);
            lastRecord = clock.getAsLong();
        }
        read = read.and(batch.to());
        progress.records(count());
        progress.lag(lag);
        if (sink.isCommitDue(since(lastCommit)) || source.isAssignmentAtEnd()) {
            commit();
        }
    }

    private void write(Batch batch) {
        List<Record> records = batch.records();
        Results whole = new Results();
        if (!batch.deadLetters().isEmpty()) {
            batch.deadLetters().forEach(each -> whole.reject(each.record(), each.reason()));
            written.merge(Record.UNSET, Counts.in(whole), Counts::and);
        }
        for (int at = 0; at < records.size(); ) {
            int partition = records.get(at).partition();
            Counts before = Counts.in(whole);
            DeadLetter rejected = null;
            for (; rejected == null && at < records.size() && records.get(at).partition() == partition; at++) {
                transform.apply(records.get(at), whole);
                rejected = rules.atDeadLetter() ? whole.takeDeadLetter() : null;
            }
            written.merge(partition, Counts.in(whole).since(before), Counts::and);
            if (rejected != null) {
                sink.write(whole);
                throw failBefore(rejected, records.subList(at - 1, records.size()), batch.to());
            }
        }
        sink.write(whole);
    }

    /** Commits everything before a record, so that the next run starts with this record. */
    private Failure failBefore(DeadLetter deadLetter, List<Record> lag, Positions to) {
        Map<Integer, Position> before = new HashMap<>();
        lag.forEach(record -> before.putIfAbsent(record.partition(), Position.at(record.offset())));
        read = read.and(to).and(Positions.of(before));
        boolean isStored = commit();
        return new Failure(
                Failure.Kind.FAILED,
                "record " + deadLetter.record().partition() + ":"
                        + deadLetter.record().offset() + " of "
                        + source.origin().name() + " can't be stored",
                deadLetter.reason(),
                (isStored ? "all records before it are stored; " : "")
                        + "to store it as a dead-letter record instead, leave out --dead-letter none");
    }

    /** Whether the open batch may be committed; if not, it is dropped. */
    private boolean isConfirmed() {
        boolean confirmed = false;
        try {
            confirmed = source.isConfirmed(interrupted);
            return confirmed;
        } finally {
            if (!confirmed) {
                dropOpenBatch();
            }
        }
    }

    private long count() {
        return stored.read() + writtenOf(written.keySet()).read();
    }

    private Counts writtenOf(Set<Integer> partitions) {
        Counts sum = Counts.NONE;
        for (int partition : partitions) {
            sum = sum.and(written.getOrDefault(partition, Counts.NONE));
        }
        return sum;
    }

    private @Nullable StopReason reasonToStop() {
        if (interrupted.getAsBoolean()) {
            return StopReason.INTERRUPTED;
        }
        StopReason reason = rules.reason(count(), source.isAtEnd(), since(lastRecord), since(start));
        if (reason == StopReason.IDLE) {
            // Idle workers wait for this commit of each other.
            commit();
            if (!source.isIdle()) {
                // An outage is not idle time, so the timer restarts when the source responds.
                lastRecord = clock.getAsLong();
                return null;
            }
        }
        return reason;
    }

    /** Returns false if an interruption came before the batch was confirmed. */
    private boolean commit() {
        lastCommit = clock.getAsLong();
        Positions moved = read.movedSince(committed);
        if (moved.isEmpty() && written.isEmpty()) {
            return true;
        }
        if (!isConfirmed()) {
            // The interruption ends the run, so nothing is read again.
            isDropped = false;
            return false;
        }
        long rejectedBefore = sink.rejected();
        committing = moved;
        sink.commit(moved);
        stored = stored.and(writtenOf(written.keySet()).rejected(sink.rejected() - rejectedBefore));
        written.clear();
        committed = committed.and(moved);
        pause = Duration.ZERO;
        conflicts = 0;
        source.onCommitted(committed);
        return true;
    }

    /** Drops what was read since the last commit. The run continues from the offsets in the sink. */
    private void dropOpenBatch() {
        isDropped = true;
        Set<Integer> partlyCommitted = sink.committedPartitions();
        stored = stored.and(writtenOf(partlyCommitted));
        committed = committed.and(committing.within(partlyCommitted));
        written.clear();
        read = committed;
        progress.records(count());
        sink.abort();
    }

    private void pauseBeforeRetry(RetriableFailure e) {
        long now = clock.getAsLong();
        // There may be nothing to commit between two outages, so a failure long after the last one starts a new
        // outage.
        Duration gap = e.patience().compareTo(OUTAGE_GAP) > 0 ? e.patience() : OUTAGE_GAP;
        boolean isFirst = pause.isZero() || since(lastFailure).compareTo(gap) > 0;
        lastFailure = now;
        if (interrupted.getAsBoolean() || (!isFirst && since(failingSince).compareTo(e.patience()) >= 0)) {
            throw e.failure();
        }
        if (isFirst) {
            failingSince = now;
            pause = FIRST_PAUSE;
        }
        progress.waitingFor("the next attempt: " + e.failure().why());
        while (since(now).compareTo(pause) < 0 && !interrupted.getAsBoolean()) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        progress.waitingFor("");
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
    }

    /** Ends a run whose commits fail repeatedly, with no success in between. */
    private void failAfterTooMany(CommitConflict e) {
        if (e.hasProgress()) {
            return;
        }
        if (conflicts++ == 0) {
            firstConflict = clock.getAsLong();
        }
        Duration time = since(firstConflict);
        if (conflicts > MOST_CONFLICTS && time.compareTo(LONGEST_CONFLICT) > 0) {
            throw new Failure(
                    Failure.Kind.TEMPORARY,
                    "the commit failed repeatedly: " + e.getMessage(),
                    conflicts + " commits failed within " + time.toSeconds() + " s",
                    "check for another process that stores in the same destination, and check the cluster; then"
                            + " run the same command again",
                    e);
        }
    }

    private Duration since(long nanoTime) {
        return Duration.ofNanos(clock.getAsLong() - nanoTime);
    }

    /** The source calls this when it starts and during a poll. */
    private final class Assignment implements PartitionListener {
        @Override
        public Positions assigned(Set<Integer> partitions, Starts starts) {
            Positions known = sink.takeOver(partitions);
            Set<Integer> unknown = new HashSet<>(partitions);
            unknown.removeAll(known.byPartition().keySet());
            if (!unknown.isEmpty()) {
                // The start is stored too, so that a later run starts there even if no record came.
                Positions begun = starts.of(unknown, initialPartitions);
                sink.initializeOffsets(begun);
                known = known.and(begun);
            }
            committed = committed.and(known);
            read = read.and(known);
            return known;
        }

        @Override
        public void revoked(Set<Integer> partitions) {
            try {
                commit();
            } catch (CommitConflict | RetriableFailure e) {
                // The next owner reads these records again; this run takes its remaining partitions over again.
                dropOpenBatch();
            }
            forget(partitions);
        }

        @Override
        public void lost(Set<Integer> partitions) {
            dropOpenBatch();
            forget(partitions);
        }

        private void forget(Set<Integer> partitions) {
            committed = committed.without(partitions);
            read = read.without(partitions);
        }
    }
}
