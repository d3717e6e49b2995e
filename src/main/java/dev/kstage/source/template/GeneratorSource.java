package dev.kstage.source.template;

import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.source.KeyField;
import dev.kstage.source.SinglePartitionSource;
import dev.kstage.stage.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The first {@code count} events of a template. It has one partition; positions count events. */
public final class GeneratorSource extends SinglePartitionSource {
    // Small enough to feed the client's buffer steadily, large enough that its cost does not matter.
    private static final int MOST_A_BATCH = 1_000;

    private final EventTemplate template;
    private final Origin origin;
    private final long count;
    private final @Nullable KeyField keys;
    private long next;

    /**
     * @param template the kind of event
     * @param seed the seed of the template, stored in the origin
     * @param count number of events, from index 0
     */
    public GeneratorSource(EventTemplate template, long seed, long count) {
        this(template, seed, count, null);
    }

    /** @param keys chooses the key of each event, or null for the key of the template */
    public GeneratorSource(EventTemplate template, long seed, long count, @Nullable KeyField keys) {
        this.template = template;
        this.origin = new Origin(template.name(), "seed " + seed);
        this.count = count;
        this.keys = keys;
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    protected void goTo(long position) {
        next = position;
    }

    @Override
    public Batch poll(int most, Duration wait) {
        int size = (int) Math.min(Math.min(most, MOST_A_BATCH), count - next);
        List<Record> records = new ArrayList<>(size);
        for (int i = 0; i < size; i++, next++) {
            EventTemplate.Event event = template.event(next);
            records.add(keyed(new Record(Record.UNSET, next, Record.UNSET, event.key(), event.value(), List.of())));
        }
        return new Batch(records, positions());
    }

    private Record keyed(Record record) {
        try {
            return keys == null ? record : keys.keyed(record);
        } catch (KeyField.Missing e) {
            throw keys.failure("event " + record.offset() + " of " + template.name(), e);
        }
    }

    @Override
    public boolean isAtEnd() {
        return next >= count;
    }

    @Override
    public long lag() {
        return count - next;
    }

    @Override
    public void close() {}

    private Positions positions() {
        return Positions.of(Map.of(0, Position.at(next)));
    }
}
