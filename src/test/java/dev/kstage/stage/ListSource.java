package dev.kstage.stage;

import dev.kstage.record.Bytes;
import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One partition in memory: records and the offsets without one, polled in the portions they are given in. */
final class ListSource implements Source {
    private final List<Batch> portions = new ArrayList<>();
    private final Deque<Batch> batches = new ArrayDeque<>();
    private final Map<Integer, Runnable> actions = new HashMap<>();
    private Predicate<BooleanSupplier> confirmation = giveUp -> true;
    private @Nullable PartitionListener listener;
    private long end;
    private long next;
    private boolean endless;
    private int questionsInAnOutage;
    private String afterOutage = "";

    /** What it was told to be stored, in order. */
    final List<Long> told = new ArrayList<>();

    /** The positions that it was started from, in order. */
    final List<Positions> startedWith = new ArrayList<>();

    /** The most records that each poll asked for. */
    final List<Integer> asked = new ArrayList<>();

    /** Adds a portion: records with these values at the next offsets. */
    ListSource portion(String... values) {
        List<Record> records = new ArrayList<>();
        for (String value : values) {
            records.add(new Record(0, end++, Record.UNSET, null, Bytes.of(value), List.of()));
        }
        add(new Batch(records, at(end)));
        return this;
    }

    /** Adds offsets that hold no record, as transaction markers do. */
    ListSource markers(int number) {
        end += number;
        add(new Batch(List.of(), at(end)));
        return this;
    }

    private void add(Batch portion) {
        portions.add(portion);
        batches.add(portion);
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
    public boolean isIdle() {
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
    public int partitions() {
        return 1;
    }

    @Override
    public void start(PartitionListener told) {
        listener = told;
        restart();
    }

    /** Goes where it is told by giving all its portions again from there. */
    @Override
    public void restart() {
        Positions claimed = listener().assigned(Set.of(0), (missing, initialPartitions) -> at(0));
        startedWith.add(claimed);
        next = Objects.requireNonNull(claimed.of(0)).next();
        batches.clear();
        for (Batch portion : portions) {
            List<Record> rest = portion.records().stream()
                    .filter(record -> record.offset() >= next)
                    .toList();
            if (Objects.requireNonNull(portion.to().of(0)).next() > next) {
                batches.add(new Batch(rest, portion.to()));
            }
        }
    }

    /** For a test that has partitions come and go. */
    PartitionListener listener() {
        return Objects.requireNonNull(listener, "set by start");
    }

    /** Does this within the poll that comes after so many others. */
    ListSource during(int poll, Runnable action) {
        actions.put(poll, action);
        return this;
    }

    @Override
    public Batch poll(int most, Duration wait) {
        asked.add(most);
        Runnable action = actions.remove(asked.size() - 1);
        if (action != null) {
            action.run();
        }
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

    /** What is asked before each commit. */
    ListSource confirmedBy(Predicate<BooleanSupplier> confirmation) {
        this.confirmation = confirmation;
        return this;
    }

    @Override
    public boolean isConfirmed(BooleanSupplier giveUp) {
        return confirmation.test(giveUp);
    }

    @Override
    public boolean isAtEnd() {
        return !endless && batches.isEmpty();
    }

    @Override
    public void onCommitted(Positions positions) {
        told.add(positions.next().getOrDefault(0, -1L));
    }

    @Override
    public long lag() {
        return end - next;
    }

    @Override
    public void close() {}
}
