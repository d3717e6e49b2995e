package dev.kstage.cli.stage;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.kstage.cli.stage.Fault.Kind;
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
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The report of {@code smoke --chaos}; its components are the JSON keys.
 *
 * @param seed of the plan
 * @param total of all rounds
 * @param kept the directory of failed rounds, or null if none failed
 */
record ChaosReport(
        String command,
        String bootstrapServers,
        long seed,
        List<Round> rounds,
        @JsonUnwrapped Outcome total,
        long durationMs,
        @Nullable String kept,
        List<Check> checks) {
    /**
     * One round.
     *
     * @param number from 1
     * @param destination the kind of destination
     * @param seed the seed of its events
     */
    record Round(
            int number,
            String destination,
            String topic,
            long seed,
            @JsonUnwrapped Outcome outcome,
            long durationMs) {
        /** The round in one line. */
        String line(int of) {
            return "round " + number + " of " + of + ": " + destination + ", " + outcome.faults() + ", "
                    + (outcome.hasPassed() ? "passed" : "FAILED") + " in "
                    + Text.duration(Duration.ofMillis(durationMs));
        }
    }

    /**
     * Faults and findings.
     *
     * @param examples the first findings, for a person
     */
    record Outcome(
            String verdict,
            long kills,
            long pauses,
            long brokerKills,
            long duplicateRuns,
            long workersAdded,
            long produced,
            long stored,
            long lost,
            long duplicated,
            long mismatched,
            long reordered,
            long foreign,
            List<String> examples) {
        static Outcome of(
                ChaosWorkers producers,
                ChaosWorkers consumers,
                ChaosBroker broker,
                @Nullable Verdict found,
                List<String> faults) {
            List<String> examples = new ArrayList<>(faults);
            if (found != null) {
                found.examples().values().forEach(examples::addAll);
            }
            return new Outcome(
                    found != null && found.holds() && faults.isEmpty() ? "passed" : "failed",
                    producers.times(Kind.KILL_PRODUCER) + consumers.times(Kind.KILL_CONSUMER),
                    producers.times(Kind.PAUSE_PRODUCER) + consumers.times(Kind.PAUSE_CONSUMER),
                    broker.kills(),
                    producers.times(Kind.SECOND_PRODUCER),
                    consumers.times(Kind.JOIN_CONSUMER),
                    found == null ? 0 : found.expected(),
                    found == null ? 0 : found.stored(),
                    count(found, Finding.LOST),
                    count(found, Finding.DUPLICATED),
                    count(found, Finding.MISMATCHED),
                    count(found, Finding.REORDERED),
                    count(found, Finding.FOREIGN),
                    List.copyOf(examples));
        }

        private static long count(@Nullable Verdict found, Finding finding) {
            return found == null ? 0 : found.count(finding);
        }

        static Outcome total(List<Round> rounds) {
            return new Outcome(
                    rounds.stream().allMatch(round -> round.outcome.hasPassed()) ? "passed" : "failed",
                    sum(rounds, Outcome::kills),
                    sum(rounds, Outcome::pauses),
                    sum(rounds, Outcome::brokerKills),
                    sum(rounds, Outcome::duplicateRuns),
                    sum(rounds, Outcome::workersAdded),
                    sum(rounds, Outcome::produced),
                    sum(rounds, Outcome::stored),
                    sum(rounds, Outcome::lost),
                    sum(rounds, Outcome::duplicated),
                    sum(rounds, Outcome::mismatched),
                    sum(rounds, Outcome::reordered),
                    sum(rounds, Outcome::foreign),
                    rounds.stream()
                            .flatMap(round -> round.outcome.examples.stream()
                                    .map(example -> "round " + round.number + ": " + example))
                            .toList());
        }

        private static long sum(List<Round> rounds, ToLongFunction<Outcome> figure) {
            return rounds.stream().map(Round::outcome).mapToLong(figure).sum();
        }

        @JsonIgnore
        boolean hasPassed() {
            return verdict.equals("passed");
        }

        /** The faults as text. */
        String faults() {
            return Text.plural(kills, "kill") + ", " + Text.plural(pauses, "pause")
                    + (brokerKills > 0 ? ", " + Text.plural(brokerKills, "broker kill") : "")
                    + (duplicateRuns > 0 ? ", " + Text.plural(duplicateRuns, "duplicate run") : "")
                    + (workersAdded > 0 ? ", " + Text.plural(workersAdded, "worker") + " added" : "");
        }

        /** The findings as text. */
        String figures() {
            return Text.count(stored) + " of " + Text.plural(produced, "event") + " stored, " + Text.count(lost)
                    + " lost, " + Text.count(duplicated) + " duplicated, " + Text.count(mismatched) + " mismatched, "
                    + Text.count(reordered) + " reordered"
                    + (foreign > 0 ? ", " + Text.count(foreign) + " foreign" : "");
        }
    }

    static ChaosReport of(
            String bootstrapServers, ChaosRequest request, List<Round> rounds, @Nullable String kept, Duration time) {
        Outcome total = Outcome.total(rounds);
        List<Check> checks = rounds.stream()
                .map(round -> new Check(
                        "round " + round.number + " of " + request.rounds() + ": " + round.destination,
                        round.outcome.hasPassed(),
                        round.outcome.faults() + ": "
                                + (round.outcome.examples.isEmpty()
                                        ? round.outcome.figures()
                                        : round.outcome.examples.get(0))))
                .toList();
        return new ChaosReport(
                "smoke", bootstrapServers, request.seed(), List.copyOf(rounds), total, time.toMillis(), kept, checks);
    }

    @JsonIgnore
    boolean hasPassed() {
        return total.hasPassed();
    }

    String junit(UnaryOperator<String> redaction) {
        return JUnitXml.document("kstage smoke --chaos", checks, Duration.ofMillis(durationMs), redaction);
    }

    List<String> lines() {
        Table table = new Table("destination", ">rounds", ">kills", ">pauses", ">broker kills", "");
        rounds.stream().map(Round::destination).distinct().forEach(kind -> {
            List<Round> there = rounds.stream()
                    .filter(round -> round.destination.equals(kind))
                    .toList();
            Outcome sum = Outcome.total(there);
            table.row(kind, there.size(), sum.kills, sum.pauses, sum.brokerKills, sum.hasPassed() ? "ok" : "FAILED");
        });
        List<String> lines = new ArrayList<>(table.lines("  "));
        total.examples.forEach(example -> lines.add("  " + Text.harmless(example)));
        if (kept != null) {
            lines.add("  files are kept in " + Text.harmless(kept));
        }
        lines.add((hasPassed() ? AnsiStyle.GOOD : AnsiStyle.BAD).on(total.verdict) + ": "
                + Text.plural(rounds.size(), "round")
                + ", " + total.faults() + "; " + total.figures() + " in "
                + Text.duration(Duration.ofMillis(durationMs)) + " (seed " + seed + ")");
        return lines;
    }
}
