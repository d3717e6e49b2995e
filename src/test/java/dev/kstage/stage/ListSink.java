package dev.kstage.stage;

import dev.kstage.record.Origin;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A store in memory that writes down what happens to it, a line for each call. */
final class ListSink implements Sink {
    private final Duration commitInterval;
    private final List<Record> open = new ArrayList<>();
    private final Deque<Optional<RuntimeException>> outcomes = new ArrayDeque<>();
    private Positions stored;
    private boolean storesAllTheSame;
    private Set<Integer> partlyCommitted = Set.of();

    final List<String> journal = new ArrayList<>();

    ListSink(Positions stored, Duration commitInterval) {
        this.stored = stored;
        this.commitInterval = commitInterval;
    }

    /** An empty one that wants a commit after each poll. */
    static ListSink eager() {
        return new ListSink(Positions.NONE, Duration.ZERO);
    }

    /** An empty one that wants no commit before the end. */
    static ListSink patient() {
        return new ListSink(Positions.NONE, Duration.ofDays(1));
    }

    /** After this many commits the disk is full. */
    ListSink failingAfter(int commits) {
        return committing(commits)
                .failing(new Failure(Failure.Kind.FAILED, "cannot write", "no space left", "make room"));
    }

    /** The next commits are taken. */
    ListSink committing(int commits) {
        for (int commit = 0; commit < commits; commit++) {
            outcomes.add(Optional.empty());
        }
        return this;
    }

    /** The commit after those told of before ends so; later ones are taken. */
    ListSink failing(RuntimeException... failures) {
        Arrays.stream(failures).map(Optional::of).forEach(outcomes::add);
        return this;
    }

    /** A commit that fails is stored nevertheless, as the part of a sink may be that commits in parts. */
    ListSink storingAllTheSame() {
        storesAllTheSame = true;
        return this;
    }

    /** Somebody else moves the position. */
    void moveTo(long next) {
        stored = ListSource.at(next);
    }

    @Override
    public int open(Origin origin, int partitions) {
        journal.add("open " + origin.name());
        return partitions;
    }

    @Override
    public Positions takeOver(Set<Integer> partitions) {
        Positions claimed = stored.within(partitions);
        journal.add("claim " + partitions + " at " + claimed.next());
        return claimed;
    }

    @Override
    public void initializeOffsets(Positions starts) {
        stored = stored.and(starts);
        journal.add("begin at " + starts.next());
    }

    @Override
    public void write(Results results) {
        open.addAll(results.records());
    }

    @Override
    public void commit(Positions to) {
        Optional<RuntimeException> outcome = outcomes.isEmpty() ? Optional.empty() : outcomes.remove();
        if (outcome.isPresent()) {
            if (storesAllTheSame) {
                stored = stored.and(to);
                partlyCommitted = to.byPartition().keySet();
            }
            throw outcome.get();
        }
        journal.add("commit " + open.stream().map(Record::value).toList() + " to " + to.next());
        open.clear();
        stored = stored.and(to);
    }

    @Override
    public Set<Integer> committedPartitions() {
        return partlyCommitted;
    }

    @Override
    public void abort() {
        open.clear();
        partlyCommitted = Set.of();
        journal.add("abort");
    }

    @Override
    public boolean isCommitDue(Duration sinceCommit) {
        return sinceCommit.compareTo(commitInterval) >= 0;
    }

    @Override
    public void flush() {
        journal.add("settle");
    }

    @Override
    public void close() {
        journal.add("close");
    }
}
