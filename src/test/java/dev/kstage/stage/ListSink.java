package dev.kstage.stage;

import dev.kstage.report.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A store in memory that writes down what happens to it, a line for each call. */
final class ListSink implements Sink {
    private final Positions atOpen;
    private final Duration commitInterval;
    private int commitsBeforeFailure = Integer.MAX_VALUE;

    final List<String> journal = new ArrayList<>();

    ListSink(Positions atOpen, Duration commitInterval) {
        this.atOpen = atOpen;
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
        commitsBeforeFailure = commits;
        return this;
    }

    @Override
    public Positions open(Origin origin) {
        journal.add("open " + origin.name());
        return atOpen;
    }

    @Override
    public void commit(Results results, Positions to) {
        if (commitsBeforeFailure-- <= 0) {
            throw new Failure(Failure.Kind.FAILED, "cannot write", "no space left", "make room");
        }
        journal.add("commit " + results.records().stream().map(Record::value).toList() + " to "
                + to.next().get(0));
    }

    @Override
    public Duration commitInterval() {
        return commitInterval;
    }

    @Override
    public void settle() {
        journal.add("settle");
    }

    @Override
    public void close() {
        journal.add("close");
    }
}
