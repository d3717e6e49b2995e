package dev.kstage.verify;

import dev.kstage.record.Record;
import dev.kstage.record.StoredRow;
import dev.kstage.report.Failure;
import dev.kstage.report.Text;
import dev.kstage.source.template.EventTemplate;
import java.util.Arrays;
import java.util.List;

/** The events of a run, generated again from its seed. They keep their order for each key. */
public final class GeneratedEvents implements ExpectedRecords {
    private static final int MOST = 1_000_000_000;

    private final EventTemplate template;
    private final int count;
    private final ExpectedKeys keys;

    /**
     * @param template created with the seed of the run
     * @param count number of events, from index 0
     * @throws Failure if there are too many to check
     */
    public GeneratedEvents(EventTemplate template, long count) {
        this(template, count, ExpectedKeys.OWN);
    }

    /** @param keys the keys of the run */
    public GeneratedEvents(EventTemplate template, long count, ExpectedKeys keys) {
        if (count < 0 || count > MOST) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "cannot check " + Text.plural(count, "event"),
                    "at most " + Text.count(MOST) + " can be checked in one run",
                    "use --count to give the number of events of the run");
        }
        this.template = template;
        this.count = (int) count;
        this.keys = keys;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public int recognise(byte[] value) {
        long index = template.indexOf(value, 0, value.length);
        return index < 0 || index >= count ? NONE : (int) index;
    }

    @Override
    public boolean isIntact(int event, byte[] value) {
        return Arrays.equals(template.event(event).value().array(), value);
    }

    @Override
    public StoredRow.Key key(int event, byte[] value) {
        return key(event);
    }

    private StoredRow.Key key(int event) {
        EventTemplate.Event made = template.event(event);
        return new StoredRow.Key(
                keys.of(new Record(Record.UNSET, event, Record.UNSET, made.key(), made.value(), List.of())));
    }

    @Override
    public Object lane(int event, int partition) {
        return key(event);
    }

    @Override
    public long rank(int event) {
        return event;
    }

    @Override
    public String laneName() {
        return "key";
    }

    @Override
    public String name(int event) {
        return "event " + event;
    }
}
