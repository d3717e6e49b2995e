package dev.kstage.stage;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** One partition in memory: records and the offsets without one, polled in the portions they are given in. */
final class ListSource implements Source {
    private final Deque<Batch> batches = new ArrayDeque<>();
    private long end;
    private long next;
    private boolean endless;
    private int questionsInAnOutage;
    private String afterOutage = "";

    /** What it was told to be stored, in order. */
    final List<Long> told = new ArrayList<>();

    /** The positions of the sink that it was started with, in order. */
    final List<Positions> startedWith = new ArrayList<>();

    /** The most records that each poll asked for. */
    final List<Integer> asked = new ArrayList<>();

    /** Adds a portion: records with these values at the next offsets. */
    ListSource portion(String... values) {
        List<Record> records = new ArrayList<>();
        for (String value : values) {
            records.add(new Record(0, end++, Record.UNSET, null, Bytes.of(value), List.of()));
        }
        batches.add(new Batch(records, at(end)));
        return this;
    }

    /** Adds offsets that hold no record, as transaction markers do. */
    ListSource markers(int number) {
        end += number;
        batches.add(new Batch(List.of(), at(end)));
        return this;
    }

    /** It never ends, as a topic doesn't. */
    ListSource endless() {
        endless = true;
        return this;
    }

    /** It does not answer for this many questions, and then gives this record. */
    ListSource outage(int questions, String valueAfter) {
        questionsInAnOutage = questions;
        afterOutage = valueAfter;
        return this;
    }

    @Override
    public boolean isQuiet() {
        if (questionsInAnOutage == 0) {
            return true;
        }
        if (--questionsInAnOutage == 0) {
            portion(afterOutage);
        }
        return false;
    }

    static Positions at(long next) {
        return Positions.of(Map.of(0, Position.at(next)));
    }

    @Override
    public Origin origin() {
        return new Origin("orders", "id-1");
    }

    @Override
    public Positions start(Positions stored) {
        startedWith.add(stored);
        Position position = stored.of(0);
        next = position == null ? 0 : position.next();
        return at(next);
    }

    @Override
    public Batch poll(int most, Duration wait) {
        asked.add(most);
        Batch batch = batches.poll();
        if (batch == null) {
            return new Batch(List.of(), at(next));
        }
        if (batch.records().size() > most) {
            List<Record> given = batch.records().subList(0, most);
            batches.addFirst(
                    new Batch(batch.records().subList(most, batch.records().size()), batch.to()));
            next = given.get(most - 1).offset() + 1;
            return new Batch(given, at(next));
        }
        next = batch.to().next().getOrDefault(0, 0L);
        return batch;
    }

    @Override
    public boolean isAtEnd() {
        return !endless && batches.isEmpty();
    }

    @Override
    public void stored(Positions positions) {
        told.add(positions.next().getOrDefault(0, -1L));
    }

    @Override
    public long left() {
        return end - next;
    }

    @Override
    public void close() {}
}
