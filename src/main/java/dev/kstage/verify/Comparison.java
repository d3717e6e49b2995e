package dev.kstage.verify;

import dev.kstage.source.Template;
import dev.kstage.stage.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares stored lines with the events that a template makes again from its seed. It looks at the
 * stored rows alone and shares no code with a sink.
 */
public final class Comparison {
    private static final int MOST_EXAMPLES = 5;

    private final Template template;
    private final byte[] timesStored;
    private final Map<Bytes, Long> lastOfKey = new HashMap<>();
    private final List<String> examples = new ArrayList<>();
    private long lines;
    private long duplicated;
    private long altered;
    private long reordered;

    /**
     * @param template made with the seed of the run
     * @param events how many events were produced, from index 0
     */
    public Comparison(Template template, int events) {
        this.template = template;
        this.timesStored = new byte[events];
    }

    /** Takes the next stored line, without its line feed. */
    public void add(byte[] line) {
        lines++;
        long index = template.indexOf(line, 0, line.length);
        if (index < 0 || index >= timesStored.length) {
            altered++;
            example("line " + lines + " is none of the events");
            return;
        }
        Template.Event event = template.event(index);
        if (!Arrays.equals(event.value().array(), line)) {
            altered++;
            example("line " + lines + " differs from event " + index);
        }
        int at = (int) index;
        if (timesStored[at] > 0) {
            duplicated++;
            example("line " + lines + " is event " + index + " again");
            return;
        }
        timesStored[at]++;
        Long last = lastOfKey.put(event.key(), index);
        if (last != null && last > index) {
            reordered++;
            lastOfKey.put(event.key(), last);
            example("line " + lines + ", event " + index + ", stands after event " + last + " of the same key");
        }
    }

    /** The verdict on all lines taken. */
    public Verdict verdict() {
        long lost = 0;
        for (int index = 0; index < timesStored.length; index++) {
            if (timesStored[index] == 0) {
                lost++;
                if (lost == 1) {
                    example("event " + index + " is not stored");
                }
            }
        }
        return new Verdict(timesStored.length, lines, lost, duplicated, altered, reordered, List.copyOf(examples));
    }

    private void example(String text) {
        if (examples.size() < MOST_EXAMPLES) {
            examples.add(text);
        }
    }
}
