package dev.kstage.verify;

import dev.kstage.report.Check;
import dev.kstage.report.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * What a comparison of what was produced with what is stored found.
 *
 * @param expected events that were acknowledged
 * @param stored lines that are stored
 * @param lost events that are not stored
 * @param duplicated lines beyond the first of their event
 * @param altered lines that are no event, or differ from the one that they claim to be
 * @param reordered lines that stand after a later event of their key
 * @param examples the first few findings, for a person
 */
public record Verdict(
        long expected, long stored, long lost, long duplicated, long altered, long reordered, List<String> examples) {
    /** What the verdict rests on, each with its figures. */
    public List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        checks.add(check("nothing lost", lost, "missing"));
        checks.add(check("nothing duplicated", duplicated, "more than once"));
        checks.add(check("nothing altered", altered, "different"));
        checks.add(check("order kept for each key", reordered, "out of order"));
        return checks;
    }

    private Check check(String name, long found, String word) {
        String detail = Text.count(found) + " of " + Text.plural(expected, "event") + " " + word;
        return new Check(name, found == 0, found == 0 || examples.isEmpty() ? detail : detail + ": " + examples.get(0));
    }

    public boolean holds() {
        return lost == 0 && duplicated == 0 && altered == 0 && reordered == 0;
    }
}
