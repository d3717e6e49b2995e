package dev.kstage.verify;

import dev.kstage.record.Record;
import dev.kstage.record.StoredRow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares stored rows with the events of a run. It reads only the rows and shares no code with a sink. It needs one
 * byte per event and one number per key.
 */
public final class Comparison {
    private static final int MOST_EXAMPLES = 5;
    private static final byte MISSING = 0;
    private static final byte STORED = 1;
    private static final byte DEAD_LETTERED = 2;
    private static final byte NOT_CONSUMED_YET = 3;

    private final ExpectedRecords produced;
    private final boolean allowsForeign;
    private final byte[] fates;
    private final Map<Object, Last> lastOfLane = new HashMap<>();
    private final Map<Finding, Long> counts = new EnumMap<>(Finding.class);
    private final EnumMap<Finding, List<String>> examples = new EnumMap<>(Finding.class);
    private long rows;
    private long others;
    private long deadLettered;
    private boolean isOrderUnknown;
    private boolean isReachKnown;

    /** The latest stored event of a lane. */
    private static final class Last {
        private int event = ExpectedRecords.NONE;
        private long rank = -1;
    }

    /** A comparison in which other runs' rows are foreign. */
    public Comparison(ExpectedRecords produced) {
        this(produced, false);
    }

    /** @param allowsForeign whether rows and dead-letter records of other runs are allowed */
    public Comparison(ExpectedRecords produced, boolean allowsForeign) {
        this.produced = produced;
        this.allowsForeign = allowsForeign;
        this.fates = new byte[produced.count()];
    }

    /** Adds the next stored row; rows of a partition in their order. */
    public void add(StoredRow row) {
        byte[] value = row.value() == null ? new byte[0] : row.value().array();
        int event = produced.recognise(value);
        if (event == ExpectedRecords.NONE && allowsForeign) {
            others++;
            return;
        }
        rows++;
        if (event == ExpectedRecords.NONE) {
            find(Finding.FOREIGN, row.where() + " is no event of the run");
            return;
        }
        if (isAsSent(row.where(), row.key(), event, value) && row.fault() != null) {
            find(Finding.MISMATCHED, row.where() + " " + row.fault());
        }
        if (fates[event] != MISSING) {
            find(Finding.DUPLICATED, row.where() + " is " + produced.name(event) + " a second time");
            return;
        }
        fates[event] = STORED;
        checkOrder(row, event);
    }

    /** @param key null if the destination stores no keys */
    private boolean isAsSent(String where, StoredRow.@Nullable Key key, int event, byte[] value) {
        if (!produced.isIntact(event, value)) {
            find(Finding.MISMATCHED, where + " differs from " + produced.name(event));
            return false;
        }
        StoredRow.Key sent = key == null ? null : produced.key(event, value);
        if (sent != null && !sent.equals(key)) {
            find(Finding.MISMATCHED, where + " has " + key + ", and " + produced.name(event) + " " + sent);
            return false;
        }
        return true;
    }

    /** Adds a contradiction inside the destination; {@code fault} describes it for a person. */
    public void addFault(String fault) {
        find(Finding.DAMAGED, fault);
    }

    private void checkOrder(StoredRow row, int event) {
        Object lane = produced.lane(event, row.partition());
        if (lane == null) {
            isOrderUnknown = true;
            return;
        }
        Last last = lastOfLane.computeIfAbsent(lane, key -> new Last());
        if (last.rank > produced.rank(event)) {
            find(
                    Finding.REORDERED,
                    row.where() + ", " + produced.name(event) + ", is stored after " + produced.name(last.event)
                            + " of the same " + produced.laneName());
        } else {
            last.event = event;
            last.rank = produced.rank(event);
        }
    }

    /**
     * Adds a dead-letter record: its event is not lost. A record that is no event of the run is foreign, like a row.
     *
     * @param where its location, for a person
     */
    public void addDeadLetter(Record record, String where) {
        byte[] value = record.value() == null ? new byte[0] : record.value().array();
        int event = produced.recognise(value);
        if (event == ExpectedRecords.NONE) {
            if (allowsForeign) {
                others++;
            } else {
                find(Finding.FOREIGN, where + " is no event of the run");
            }
            return;
        }
        deadLettered++;
        var unused = isAsSent(where, new StoredRow.Key(record.key()), event, value);
        if (fates[event] == MISSING) {
            fates[event] = DEAD_LETTERED;
        } else {
            find(Finding.DUPLICATED, where + " is " + produced.name(event) + " a second time");
        }
    }

    /** Adds a record of the source that the destination has not read yet; call it after all rows were added. */
    public void addNotConsumedYet(byte @Nullable [] value) {
        int event = produced.recognise(value == null ? new byte[0] : value);
        if (event != ExpectedRecords.NONE && fates[event] == MISSING) {
            fates[event] = NOT_CONSUMED_YET;
        }
    }

    /** From now on, a missing event that is not among the unread records is lost for certain. */
    public void reachIsKnown() {
        isReachKnown = true;
    }

    /** Whether an event is neither stored nor a dead-letter record. */
    public boolean isAnyMissing() {
        for (byte fate : fates) {
            if (fate == MISSING) {
                return true;
            }
        }
        return false;
    }

    /**
     * The verdict on all added rows.
     *
     * @param unacknowledged how many events of the run the cluster did not acknowledge; so many may be missing
     */
    public Verdict verdict(long unacknowledged) {
        // Remove the results of an earlier verdict, because rows may have been added since.
        for (Finding finding : List.of(Finding.LOST, Finding.NOT_CONSUMED_YET)) {
            counts.remove(finding);
            examples.remove(finding);
        }
        for (int event = 0; event < fates.length; event++) {
            if (fates[event] == MISSING) {
                find(Finding.LOST, event, "is not stored");
            } else if (fates[event] == NOT_CONSUMED_YET) {
                find(Finding.NOT_CONSUMED_YET, event, "is not consumed yet");
            }
        }
        long lost = counts.getOrDefault(Finding.LOST, 0L);
        long excused = Math.min(lost, unacknowledged);
        Map<Finding, Long> found = new EnumMap<>(Finding.class);
        for (Finding finding : Finding.values()) {
            found.put(finding, counts.getOrDefault(finding, 0L) - (finding == Finding.LOST ? excused : 0));
        }
        Map<Finding, List<String>> shown = new EnumMap<>(examples);
        shown.keySet().removeIf(finding -> found.getOrDefault(finding, 0L) == 0);
        return new Verdict(
                fates.length,
                rows,
                deadLettered,
                excused,
                others,
                found,
                shown,
                isOrderUnknown ? null : produced.laneName(),
                isReachKnown);
    }

    private void find(Finding finding, int event, String fault) {
        // Not formatted for each of possibly millions of missing events.
        if (examples.getOrDefault(finding, List.of()).size() < MOST_EXAMPLES) {
            find(finding, produced.name(event) + " " + fault);
        } else {
            counts.merge(finding, 1L, Long::sum);
        }
    }

    private void find(Finding finding, String example) {
        counts.merge(finding, 1L, Long::sum);
        List<String> known = examples.computeIfAbsent(finding, key -> new ArrayList<>());
        if (known.size() < MOST_EXAMPLES) {
            known.add(example);
        }
    }
}
