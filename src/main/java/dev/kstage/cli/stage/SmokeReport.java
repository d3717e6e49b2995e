package dev.kstage.cli.stage;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.kstage.report.AnsiStyle;
import dev.kstage.report.Check;
import dev.kstage.report.JUnitXml;
import dev.kstage.report.Table;
import dev.kstage.report.Text;
import dev.kstage.verify.Finding;
import dev.kstage.verify.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The report of {@code smoke}; its components are the JSON keys.
 *
 * @param verdict {@code passed} if every check passed, else {@code failed}
 * @param produced events that the cluster acknowledged
 * @param stored lines that the consumer stored
 * @param seed the seed of the events
 */
record SmokeReport(
        String command,
        String verdict,
        String bootstrapServers,
        String topic,
        long seed,
        long produced,
        long stored,
        long deadLettered,
        long filtered,
        long lost,
        long duplicated,
        long mismatched,
        long reordered,
        long foreign,
        long durationMs,
        List<Check> checks) {
    static SmokeReport of(
            String bootstrapServers,
            ProduceReport produced,
            long expected,
            ConsumeReport first,
            ConsumeReport second,
            Verdict verdict,
            Duration time) {
        List<Check> checks = new ArrayList<>();
        checks.add(new Check(
                "every event acknowledged",
                produced.records() == expected && produced.failed() == 0,
                Text.count(produced.records()) + " of " + Text.plural(expected, "event") + ", "
                        + Text.count(produced.failed()) + " failed"));
        checks.add(new Check(
                "read to the end",
                first.lag() == 0 && first.deadLettered() == 0,
                "lag " + Text.count(first.lag()) + ", " + Text.plural(first.deadLettered(), "dead-letter record")));
        checks.addAll(verdict.checks());
        checks.add(new Check(
                "a second run adds nothing",
                second.read() == 0,
                Text.plural(second.read(), "record") + " read" + " by the second run"));
        boolean passed = checks.stream().allMatch(Check::passed);
        return new SmokeReport(
                "smoke",
                passed ? "passed" : "failed",
                bootstrapServers,
                produced.topic(),
                Objects.requireNonNull(produced.seed()),
                produced.records(),
                verdict.stored(),
                first.deadLettered(),
                first.filtered(),
                verdict.count(Finding.LOST),
                verdict.count(Finding.DUPLICATED),
                verdict.count(Finding.MISMATCHED),
                verdict.count(Finding.REORDERED),
                verdict.count(Finding.FOREIGN),
                time.toMillis(),
                List.copyOf(checks));
    }

    @JsonIgnore
    boolean hasPassed() {
        return verdict.equals("passed");
    }

    String junit(UnaryOperator<String> redaction) {
        return JUnitXml.document("kstage smoke", checks, Duration.ofMillis(durationMs), redaction);
    }

    List<String> lines() {
        Table table = new Table("check", "", "detail");
        checks.forEach(check -> table.row(check.name(), check.passed() ? "ok" : "FAILED", check.detail()));
        List<String> lines = new ArrayList<>(table.lines("  "));
        lines.add((hasPassed() ? AnsiStyle.GOOD : AnsiStyle.BAD).on(verdict) + ": " + Text.plural(produced, "event")
                + " produced, " + Text.count(stored) + " stored, " + Text.count(lost) + " lost, "
                + Text.count(duplicated)
                + " duplicated, " + Text.count(mismatched) + " mismatched, " + Text.count(reordered) + " reordered, "
                + Text.count(foreign) + " foreign in "
                + Text.duration(Duration.ofMillis(durationMs)) + " (seed " + seed + ")");
        return lines;
    }
}
