package dev.kstage.verify;

import dev.kstage.report.Check;
import dev.kstage.report.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of comparing the events of a run with what is stored.
 *
 * @param expected events of the run
 * @param stored stored rows
 * @param deadLettered events of the run that are dead-letter records
 * @param unacknowledged missing events that the cluster never acknowledged
 * @param others allowed rows and dead-letter records of other runs
 * @param counts the number of each finding, 0 included
 * @param examples the first few of each finding, for a person
 * @param orderedBy the kind of lane whose order was checked: key or partition; null if the destination does not store
 *     enough to check it
 * @param isReachKnown whether lost events were distinguished from events that are not consumed yet
 */
public record Verdict(
        long expected,
        long stored,
        long deadLettered,
        long unacknowledged,
        long others,
        Map<Finding, Long> counts,
        Map<Finding, List<String>> examples,
        @Nullable String orderedBy,
        boolean isReachKnown) {
    public Verdict {
        counts = copyOf(counts);
        Map<Finding, List<String>> kept = copyOf(examples);
        kept.replaceAll((finding, texts) -> List.copyOf(texts));
        examples = Collections.unmodifiableMap(kept);
    }

    private static <T> Map<Finding, T> copyOf(Map<Finding, T> map) {
        Map<Finding, T> copy = new EnumMap<>(Finding.class);
        copy.putAll(map);
        return copy;
    }

    /** The number of this finding. */
    public long count(Finding finding) {
        return counts.getOrDefault(finding, 0L);
    }

    /** The checks of the verdict, each with its numbers. */
    public List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        checks.add(check("nothing lost", Finding.LOST, "missing"));
        checks.add(check("nothing duplicated", Finding.DUPLICATED, "more than once"));
        checks.add(check("nothing mismatched", Finding.MISMATCHED, "different"));
        checks.add(
                orderedBy == null
                        ? new Check("order kept", true, "not checked: the destination does not store partitions")
                        : check("order kept for each " + orderedBy, Finding.REORDERED, "out of order"));
        checks.add(foreign());
        if (count(Finding.DAMAGED) > 0) {
            checks.add(new Check(
                    "nothing damaged",
                    false,
                    withExample(
                            Text.plural(count(Finding.DAMAGED), "fault") + " of the destination", Finding.DAMAGED)));
        }
        return checks;
    }

    private Check check(String name, Finding finding, String word) {
        long found = count(finding);
        String detail = Text.count(found) + " of " + Text.plural(expected, "event") + " " + word;
        return new Check(name, found == 0, withExample(detail, finding));
    }

    private Check foreign() {
        long found = count(Finding.FOREIGN);
        String detail = Text.count(found)
                + (found == 1 ? " foreign row or dead-letter record" : " foreign rows or" + " dead-letter records");
        return new Check("nothing foreign", found == 0, withExample(detail, Finding.FOREIGN));
    }

    private String withExample(String detail, Finding finding) {
        List<String> known = examples.getOrDefault(finding, List.of());
        return count(finding) == 0 || known.isEmpty() ? detail : detail + ": " + known.get(0);
    }

    /** Whether every event is stored correctly, or will be once it is consumed. */
    public boolean holds() {
        return counts.entrySet().stream()
                .allMatch(each -> each.getKey() == Finding.NOT_CONSUMED_YET || each.getValue() == 0);
    }

    /** Whether all events of the run were consumed. */
    public boolean isComplete() {
        return count(Finding.NOT_CONSUMED_YET) == 0;
    }
}
