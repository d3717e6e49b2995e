package dev.kstage.cli.stage;

import dev.kstage.report.AnsiStyle;
import dev.kstage.report.Failure;
import dev.kstage.report.Table;
import dev.kstage.report.Text;
import dev.kstage.stage.Stage;
import dev.kstage.stage.StopReason;
import dev.kstage.stage.Summary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The report of {@code consume}; its components are the JSON keys, and {@code read = stored + filtered +
 * deadLettered}.
 *
 * @param group the group that shows the lag; null if there is none
 * @param sink the destination of the results, {@code -} for standard output
 * @param positions the next offset of each partition
 * @param lag records before the end when the run stopped, or -1 if not known
 */
record ConsumeReport(
        String command,
        String topic,
        @Nullable String group,
        String sink,
        long read,
        long stored,
        long filtered,
        long deadLettered,
        StopReason stoppedBecause,
        long durationMs,
        long recordsPerSecond,
        SortedMap<Integer, Long> positions,
        long lag) {
    /**
     * Runs the stage.
     *
     * @throws FailedRun if it failed after its start
     */
    static ConsumeReport of(ConsumeRequest request, @Nullable String group, Stage stage) {
        try {
            return of(request, group, stage.run());
        } catch (Failure failure) {
            Summary summary = stage.untilFailure().orElseThrow(() -> failure);
            throw new FailedRun(failure, of(request, group, summary));
        }
    }

    private static ConsumeReport of(ConsumeRequest request, @Nullable String group, Summary summary) {
        return new ConsumeReport(
                "consume",
                request.topic(),
                group,
                request.store().to().toString(),
                summary.read(),
                summary.stored(),
                summary.filtered(),
                summary.deadLettered(),
                summary.stoppedBecause(),
                summary.time().toMillis(),
                Text.perSecond(summary.read(), summary.time()),
                summary.positions().next(),
                summary.lag());
    }

    List<String> lines() {
        Table table = new Table(">partition", ">next offset");
        positions.forEach((number, next) -> table.row(number, Text.count(next)));
        List<String> lines = new ArrayList<>(table.isEmpty() ? List.of() : table.lines("  "));
        lines.add("consumed " + Text.plural(read, "record") + " of " + Text.harmless(topic) + " in "
                + Text.duration(Duration.ofMillis(durationMs)) + " (" + Text.count(recordsPerSecond) + "/s): "
                + Text.count(stored) + " stored in " + (sink.equals("-") ? "standard output" : Text.harmless(sink))
                + (deadLettered > 0 ? ", " + AnsiStyle.ODD.on(Text.plural(deadLettered, "dead-letter record")) : "")
                + (filtered > 0 ? ", " + Text.count(filtered) + " filtered" : "") + ", lag "
                + (lag < 0 ? "not known" : Text.count(lag))
                + "; stopped at: " + reason());
        return lines;
    }

    private String reason() {
        return switch (stoppedBecause) {
            case END -> "end of topic";
            case COUNT -> "--count";
            case IDLE -> "--idle-timeout";
            case MAX_TIME -> "--max-time";
            case INTERRUPTED -> "interruption";
            case FAILURE -> "failure";
        };
    }
}
