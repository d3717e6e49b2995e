package dev.kstage.verify;

import java.util.List;

/** A verdict in few words. */
final class VerdictText {
    private VerdictText() {}

    /** Each finding that was made: how often, and the first example. */
    static String of(Verdict verdict) {
        StringBuilder said = new StringBuilder(verdict.stored() + " of " + verdict.expected() + " stored"
                + (verdict.deadLettered() > 0 ? ", " + verdict.deadLettered() + " dead-lettered" : ""));
        for (Finding finding : Finding.values()) {
            if (verdict.count(finding) > 0) {
                List<String> examples = verdict.examples().getOrDefault(finding, List.of());
                said.append("\n" + verdict.count(finding) + " " + finding.key() + ": " + examples.get(0));
            }
        }
        return said.toString();
    }
}
