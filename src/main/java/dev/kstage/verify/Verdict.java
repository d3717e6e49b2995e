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
 * What a comparison of what was produced with what is stored found.
 *
 * @param expected events of the run
 * @param stored rows that are stored
 * @param deadLettered events of the run that are dead letters
 * @param unacknowledged events that are missing and were never acknowledged by the cluster
 * @param others rows and dead letters of other runs, where these are no fault
 * @param counts how often each finding was made, 0 included
 * @param examples the first few of each finding that was made, for a person
 * @param orderedBy what the order was checked for: key or partition; null if the place does not tell
 *     enough to check it
 * @param isReachKnown whether a missing event was told from one that is not consumed yet
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

    /** How often this was found. */
    public long count(Finding finding) {
        return counts.getOrDefault(finding, 0L);
    }

    /** What the verdict rests on, each with its figures. */
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

    /** Whether every event is stored as it should be, or will be once it is consumed. */
    public boolean holds() {
        return counts.entrySet().stream()
                .allMatch(each -> each.getKey() == Finding.NOT_CONSUMED_YET || each.getValue() == 0);
    }

    /** Whether all of the run was consumed. */
    public boolean isComplete() {
        return count(Finding.NOT_CONSUMED_YET) == 0;
    }
}
