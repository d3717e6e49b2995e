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
 * The loop of both stages: goes where the sink stands, reads, transforms, writes and commits until a
 * rule says stop. Whatever happens to it, the sink's position decides what a next run reads.
 */
public final class Stage {
    private static final int MOST_RECORDS_A_POLL = 10_000;
    // Short, so that a signal and the rules that look at the clock are noticed soon.
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
    // Others that share the work win now and then, and then this run commits something else.
    private static final int MOST_LOST_RACES = 10;
    private static final Duration LONGEST_RACE = Duration.ofMinutes(2);
    // Longer than what lies between two failures of one outage: a pause, and a connection that is not answered.
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(20);

    private final Source source;
    private final Transform transform;
    private final Sink sink;
    private final StopRules rules;
    private final StageProgress meter;
    private final BooleanSupplier interrupted;
    private final LongSupplier clock;
    private final PartitionListener claims = new OfThisRun();

    private Positions read = Positions.NONE;
    private Positions committed = Positions.NONE;
    private int born;
    private boolean hasBegun;
    // How many records were left behind which positions, after the last poll.
    private long left = -1;
    private Positions leftBehind = Positions.NONE;
    private boolean isVoid;
    private long start;
    private long lastCommit;
    private long lastRecord;
    private long failingSince;
    private long lastFailure;
    private int lostRaces;
    private long firstLostRace;
    private Duration pause = Duration.ZERO;
    private final Map<Integer, Counts> written = new HashMap<>();
    private Positions committing = Positions.NONE;
    private Counts stored = Counts.NONE;

    /** How many records had which fate. */
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

        /** The same if the sink has made dead letters of some that were to be stored. */
        Counts refused(long more) {
            return new Counts(stored - more, filtered, deadLettered + more);
        }

        long read() {
            return stored + filtered + deadLettered;
        }
    }

    /**
     * @param meter told how far the run is
     * @param interrupted asked between polls: true ends the run after a last commit
     */
    public Stage(
            Source source,
            Transform transform,
            Sink sink,
            StopRules rules,
            StageProgress meter,
            BooleanSupplier interrupted) {
        this(source, transform, sink, rules, meter, interrupted, System::nanoTime);
    }

    /** @param clock in nanoseconds from any start */
    Stage(
            Source source,
            Transform transform,
            Sink sink,
            StopRules rules,
            StageProgress meter,
            BooleanSupplier interrupted,
            LongSupplier clock) {
        this.source = source;
        this.transform = transform;
        this.sink = sink;
        this.rules = rules;
        this.meter = meter;
        this.interrupted = interrupted;
        this.clock = clock;
    }

    /**
     * Runs until a rule or an interruption ends it. Source and sink stay open.
     *
     * @throws dev.kstage.report.Failure what the source or the sink can't go on from; everything
     *     committed before it stays
     */
    public Summary run() {
        start = clock.getAsLong();
        lastCommit = start;
        born = sink.open(source.origin(), source.partitions());
        hasBegun = true;
        StopReason reason = null;
        boolean started = false;
        while (reason == null) {
            try {
                if (!started) {
                    source.start(claims);
                    started = true;
                    lastRecord = clock.getAsLong();
                } else if (isVoid) {
                    isVoid = false;
                    source.restart();
                }
                reason = isVoid ? null : reasonToStop();
                if (reason == null) {
                    step();
                } else {
                    commit();
                    sink.flush();
                }
            } catch (CommitConflict e) {
                dropWhatIsOpen();
                reason = null;
                endAfterTooMany(e);
            } catch (RetriableFailure e) {
                dropWhatIsOpen();
                reason = null;
                awaitBetterTimes(e);
            }
        }
        return summary(reason, source.lagAtEnd());
    }

    /** What was stored until a failure ended {@link #run}; empty if it had not opened the sink yet. */
    public Optional<Summary> untilFailure() {
        // The source is not asked: it may be what failed.
        long unstored = leftBehind.movedSince(committed).next().entrySet().stream()
                .mapToLong(each -> each.getValue() - committed.next().getOrDefault(each.getKey(), each.getValue()))
                .sum();
        return hasBegun
                ? Optional.of(summary(StopReason.FAILURE, left < 0 ? left : left + unstored))
                : Optional.empty();
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
        if (isVoid) {
            return;
        }
        left = source.lag();
        leftBehind = read.and(batch.to());
        if (batch.read() > 0) {
            write(batch);
            lastRecord = clock.getAsLong();
        }
        read = read.and(batch.to());
        meter.records(count());
        meter.lag(left);
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
            DeadLetter refused = null;
            for (; refused == null && at < records.size() && records.get(at).partition() == partition; at++) {
                transform.apply(records.get(at), whole);
                refused = rules.atDeadLetter() ? whole.takeDeadLetter() : null;
            }
            written.merge(partition, Counts.in(whole).since(before), Counts::and);
            if (refused != null) {
                sink.write(whole);
                throw failBefore(refused, records.subList(at - 1, records.size()), batch.to());
            }
        }
        sink.write(whole);
    }

    /** Commits everything before a record, which then is the first that a next run reads. */
    private Failure failBefore(DeadLetter letter, List<Record> left, Positions to) {
        Map<Integer, Position> before = new HashMap<>();
        left.forEach(record -> before.putIfAbsent(record.partition(), Position.at(record.offset())));
        read = read.and(to).and(Positions.of(before));
        boolean isStored = commit();
        return new Failure(
                Failure.Kind.FAILED,
                "record " + letter.record().partition() + ":" + letter.record().offset() + " of "
                        + source.origin().name() + " can't be stored",
                letter.reason(),
                (isStored ? "everything before it is stored; " : "")
                        + "to go on over it, leave out --dead-letter none");
    }

    /** Whether what is open may be committed; if not, it is dropped. */
    private boolean isConfirmed() {
        boolean confirmed = false;
        try {
            confirmed = source.isConfirmed(interrupted);
            return confirmed;
        } finally {
            if (!confirmed) {
                dropWhatIsOpen();
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
            // Others that are idle too wait for what is open here.
            commit();
            if (!source.isIdle()) {
                // An outage is no idleness: the clock starts again once a source answers that did not.
                lastRecord = clock.getAsLong();
                return null;
            }
        }
        return reason;
    }

    /** Gives false if an interruption came before it was certain that this may be stored. */
    private boolean commit() {
        lastCommit = clock.getAsLong();
        Positions moved = read.movedSince(committed);
        if (moved.isEmpty() && written.isEmpty()) {
            return true;
        }
        if (!isConfirmed()) {
            // The interruption ends the run: nothing is read again by this one.
            isVoid = false;
            return false;
        }
        long refusedBefore = sink.rejected();
        committing = moved;
        sink.commit(moved);
        stored = stored.and(writtenOf(written.keySet()).refused(sink.rejected() - refusedBefore));
        written.clear();
        committed = committed.and(moved);
        pause = Duration.ZERO;
        lostRaces = 0;
        source.onCommitted(committed);
        return true;
    }

    /** What was read since the last commit is void, and where to go on stands in the sink. */
    private void dropWhatIsOpen() {
        isVoid = true;
        Set<Integer> storedAllTheSame = sink.committedPartitions();
        stored = stored.and(writtenOf(storedAllTheSame));
        committed = committed.and(committing.within(storedAllTheSame));
        written.clear();
        read = committed;
        meter.records(count());
        sink.abort();
    }

    private void awaitBetterTimes(RetriableFailure e) {
        long now = clock.getAsLong();
        // Not every time that is well again has something to commit: a failure long after the last one is a new one.
        Duration wellAgain = e.patience().compareTo(LONGEST_SILENCE) > 0 ? e.patience() : LONGEST_SILENCE;
        boolean isFirst = pause.isZero() || since(lastFailure).compareTo(wellAgain) > 0;
        lastFailure = now;
        if (interrupted.getAsBoolean() || (!isFirst && since(failingSince).compareTo(e.patience()) >= 0)) {
            throw e.failure();
        }
        if (isFirst) {
            failingSince = now;
            pause = FIRST_PAUSE;
        }
        meter.waitingFor("another try: " + e.failure().why());
        while (since(now).compareTo(pause) < 0 && !interrupted.getAsBoolean()) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        meter.waitingFor("");
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
    }

    /** A race that is lost again and again, without a commit in between, is none that this run will win. */
    private void endAfterTooMany(CommitConflict e) {
        if (e.hasProgress()) {
            return;
        }
        if (lostRaces++ == 0) {
            firstLostRace = clock.getAsLong();
        }
        Duration time = since(firstLostRace);
        if (lostRaces > MOST_LOST_RACES && time.compareTo(LONGEST_RACE) > 0) {
            throw new Failure(
                    Failure.Kind.TEMPORARY,
                    "nothing can be committed: " + e.getMessage(),
                    "it was tried " + lostRaces + " times in " + time.toSeconds() + " s",
                    "see whether another process stores there, and that the cluster is well; run the same command again",
                    e);
        }
    }

    private Duration since(long nanoTime) {
        return Duration.ofNanos(clock.getAsLong() - nanoTime);
    }

    /** Called by the source when it starts and while it is polled. */
    private final class OfThisRun implements PartitionListener {
        @Override
        public Positions assigned(Set<Integer> partitions, Starts starts) {
            Positions known = sink.takeOver(partitions);
            Set<Integer> unknown = new HashSet<>(partitions);
            unknown.removeAll(known.byPartition().keySet());
            if (!unknown.isEmpty()) {
                // Where a first run starts is a position too: a later run goes on from it.
                Positions begun = starts.of(unknown, born);
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
                // Whoever comes next reads it again; what this run keeps is claimed anew.
                dropWhatIsOpen();
            }
            forget(partitions);
        }

        @Override
        public void lost(Set<Integer> partitions) {
            dropWhatIsOpen();
            forget(partitions);
        }

        private void forget(Set<Integer> partitions) {
            committed = committed.without(partitions);
            read = read.without(partitions);
        }
    }
}
