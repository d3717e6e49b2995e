package dev.kstage.cli.verify;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.kstage.report.AnsiStyle;
import dev.kstage.report.Check;
import dev.kstage.report.JUnitXml;
import dev.kstage.report.Table;
import dev.kstage.report.Text;
import dev.kstage.verify.Finding;
import dev.kstage.verify.Verdict;
import dev.kstage.verify.Verification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The report of {@code verify}; its components are the JSON keys.
 *
 * @param verdict {@code passed} if every check passed and nothing remains to do; {@code incomplete} if all missing
 *     events are not consumed yet; else {@code failed}
 * @param topic the topic of the run, if it is known
 * @param expected events of the run
 * @param stored rows in the destination
 * @param unacknowledged missing events that the cluster never acknowledged
 * @param others allowed rows and dead-letter records of other runs
 * @param notConsumedYet null if lost events could not be distinguished from events that are not consumed yet
 * @param damaged contradictions inside the destination, such as a file that ends within a line
 * @param uncommittedBytes bytes that readers see but that are not committed
 * @param examples the first few of each finding, by its key
 */
record VerifyReport(
        String command,
        String verdict,
        String destination,
        @Nullable String topic,
        @Nullable String runId,
        @Nullable Long seed,
        long expected,
        long stored,
        long deadLettered,
        long unacknowledged,
        long others,
        long lost,
        @Nullable Long notConsumedYet,
        long duplicated,
        long mismatched,
        long reordered,
        long foreign,
        long damaged,
        long uncommittedBytes,
        long durationMs,
        Map<String, List<String>> examples,
        List<Check> checks,
        @JsonIgnore @Nullable String untold) {
    static final String PASSED = "passed";
    static final String INCOMPLETE = "incomplete";
    static final String FAILED = "failed";

    static VerifyReport of(String destination, ProducedRun run, Verification verification, Duration time) {
        Verdict verdict = verification.verdict();
        Map<String, List<String>> examples = new LinkedHashMap<>();
        for (Finding finding : Finding.values()) {
            examples.put(finding.key(), verdict.examples().getOrDefault(finding, List.of()));
        }
        return new VerifyReport(
                "verify",
                !verdict.holds() ? FAILED : verification.isDone() ? PASSED : INCOMPLETE,
                destination,
                run.topic(),
                run.runId(),
                run.seed(),
                verdict.expected(),
                verdict.stored(),
                verdict.deadLettered(),
                verdict.unacknowledged(),
                verdict.others(),
                verdict.count(Finding.LOST),
                verdict.isReachKnown() ? verdict.count(Finding.NOT_CONSUMED_YET) : null,
                verdict.count(Finding.DUPLICATED),
                verdict.count(Finding.MISMATCHED),
                verdict.count(Finding.REORDERED),
                verdict.count(Finding.FOREIGN),
                verdict.count(Finding.DAMAGED),
                verification.uncommitted(),
                time.toMillis(),
                examples,
                checks(verification),
                verification.untold());
    }

    private static List<Check> checks(Verification verification) {
        Verdict verdict = verification.verdict();
        List<Check> checks = new ArrayList<>(verdict.checks());
        long left = verdict.count(Finding.NOT_CONSUMED_YET);
        if (verdict.isReachKnown()) {
            checks.add(new Check("everything consumed", left == 0, Text.plural(left, "event") + " not consumed yet"));
        }
        if (verification.uncommitted() > 0) {
            checks.add(new Check(
                    "everything committed",
                    false,
                    Text.bytes(verification.uncommitted()) + " are not committed; the next run of consume"
                            + " deletes them"));
        }
        return List.copyOf(checks);
    }

    String junit(UnaryOperator<String> redaction) {
        return JUnitXml.document("kstage verify", checks, Duration.ofMillis(durationMs), redaction);
    }

    List<String> lines() {
        Table table = new Table("check", "", "detail");
        checks.forEach(check -> table.row(check.name(), check.passed() ? "ok" : "FAILED", check.detail()));
        List<String> lines = new ArrayList<>(table.lines("  "));
        examples.forEach((finding, texts) ->
                texts.stream().skip(1).forEach(text -> lines.add("    also: " + Text.harmless(text))));
        if (untold != null && lost > 0) {
            lines.add("  missing events may be lost, or not consumed yet: " + Text.harmless(untold));
        }
        if (foreign > 0) {
            lines.add("  with --allow-foreign-records, events of other programs do not fail the check");
        }
        AnsiStyle style =
                verdict.equals(PASSED) ? AnsiStyle.GOOD : verdict.equals(FAILED) ? AnsiStyle.BAD : AnsiStyle.ODD;
        lines.add(style.on(verdict) + ": " + Text.plural(expected, "event") + " in " + Text.harmless(destination) + ": "
                + Text.count(stored) + " stored, " + Text.plural(deadLettered, "dead-letter record")
                + (notConsumedYet == null ? "" : ", " + Text.count(notConsumedYet) + " not consumed yet")
                + ", " + Text.count(lost) + (untold != null && lost > 0 ? " missing, " : " lost, ")
                + Text.count(duplicated) + " duplicated, " + Text.count(mismatched) + " mismatched, "
                + Text.count(reordered) + " reordered, " + Text.count(foreign) + " foreign"
                + (damaged > 0 ? ", " + Text.plural(damaged, "fault") + " of the destination" : "") + " in "
                + Text.duration(Duration.ofMillis(durationMs)));
        return lines;
    }
}
