package dev.kstage.verify;

import dev.kstage.record.Origin;
import dev.kstage.record.Record;
import dev.kstage.record.StoredRows;
import dev.kstage.stage.DeadLetters;
import org.jspecify.annotations.Nullable;

/**
 * The verification of a destination against a run.
 *
 * @param verdict the result
 * @param untold why lost events could not be distinguished from events that are not consumed yet; null if they could,
 *     or if none is missing
 * @param uncommitted bytes of the destination that readers see but that are not committed
 */
public record Verification(Verdict verdict, @Nullable String untold, long uncommitted) {
    /**
     * Reads everything that is stored and returns the result.
     *
     * @param source the topic of the destination, if it is known from elsewhere
     * @param allowsForeign whether records of other runs are allowed
     * @param deadLetters the dead-letter records of the destination, or null if it has none
     * @param unacknowledged how many events of the run the cluster never acknowledged
     * @throws dev.kstage.report.Failure if the destination can't be read
     */
    public static Verification of(
            ExpectedRecords produced,
            @Nullable String source,
            boolean allowsForeign,
            long unacknowledged,
            StoredRows rows,
            @Nullable DeadLetters deadLetters,
            SourceLag unread) {
        // Before the rows: then rows that are stored meanwhile are not reported as lost.
        StoredRows.Reached reached = rows.reached();
        Comparison comparison = new Comparison(produced, allowsForeign);
        rows.forEach(comparison::add, comparison::addFault);
        if (deadLetters != null) {
            Origin told = reached.topic();
            String topic = told == null ? source : told.name();
            deadLetters.forEach(
                    kept -> {
                        Record record = kept.deadLetter().record();
                        // Destinations of several topics may share one dead-letter destination.
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

    /** Whether every event is stored correctly, and nothing remains to do. */
    public boolean isDone() {
        return verdict.holds() && verdict.isComplete() && uncommitted == 0;
    }
}
