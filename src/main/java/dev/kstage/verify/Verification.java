package dev.kstage.verify;

import dev.kstage.record.Origin;
import dev.kstage.record.Record;
import dev.kstage.record.StoredRows;
import dev.kstage.stage.DeadLetters;
import org.jspecify.annotations.Nullable;

/**
 * Whether a place holds what a run produced.
 *
 * @param verdict what was found
 * @param untold why a missing event could not be told from one that is not consumed yet; null if it
 *     could, or if none is missing
 * @param uncommitted bytes in view at the place that are not committed
 */
public record Verification(Verdict verdict, @Nullable String untold, long uncommitted) {
    /**
     * Reads all that is stored and gives the verdict.
     *
     * @param source the topic that the place was filled from, if that is known otherwise than by the place
     * @param amongOthers whether records of other runs may be there too
     * @param letters the dead letters of the place, or null if it has none
     * @param unacknowledged how many events of the run the cluster never acknowledged
     * @throws dev.kstage.report.Failure if the place can't be read
     */
    public static Verification of(
            ExpectedRecords produced,
            @Nullable String source,
            boolean amongOthers,
            long unacknowledged,
            StoredRows rows,
            @Nullable DeadLetters letters,
            SourceLag unread) {
        // Before the rows: what is stored meanwhile is then no loss, though the position is past it.
        StoredRows.Reached reached = rows.reached();
        Comparison comparison = new Comparison(produced, amongOthers);
        rows.forEach(comparison::add, comparison::addFault);
        if (letters != null) {
            Origin told = reached.topic();
            String topic = told == null ? source : told.name();
            letters.forEach(
                    kept -> {
                        Record record = kept.letter().record();
                        // Places of several topics may share one for dead letters.
                        if (topic == null || topic.equals(kept.topic())) {
                            comparison.addDeadLetter(
                                    record, "dead-letter record " + record.partition() + ":" + record.offset());
                        }
                    },
                    comparison::addFault);
        }
        String untold = null;
        if (comparison.isAnyMissing()) {
            untold = unread.forEach(reached, comparison::addNotConsumedYet);
        }
        if (untold == null) {
            comparison.reachIsKnown();
        }
        return new Verification(comparison.verdict(unacknowledged), untold, reached.uncommitted());
    }

    /** Whether every event is stored as it should be, and nothing is left to do. */
    public boolean isDone() {
        return verdict.holds() && verdict.isComplete() && uncommitted == 0;
    }
}
