package dev.kstage.report;

import java.time.Duration;

/** The progress line of a run: records, rate, percentage or lag, time left. */
public final class ProgressText {
    private ProgressText() {}

    /**
     * @param name the stage or wait that is shown
     * @param progress the progress of the run
     * @param perSecond its current rate in records per second; a negative rate is shown as 0 (the count falls when
     *     other workers take partitions over)
     * @param elapsed time since the start
     */
    public static String line(String name, StageProgress progress, long perSecond, Duration elapsed) {
        long records = progress.records();
        StringBuilder line = new StringBuilder(name);
        String waiting = progress.waitingFor();
        if (!waiting.isEmpty()) {
            line.append(": waiting for ").append(waiting);
        }
        if (records > 0 || waiting.isEmpty()) {
            line.append(": ").append(Text.plural(records, "record"));
            line.append(", ").append(Text.count(Math.max(0, perSecond))).append("/s");
        }
        if (progress.goal() > 0) {
            line.append(", ")
                    .append(Math.min(100, records * 100 / progress.goal()))
                    .append(" %");
            appendTimeLeft(line, progress.goal() - records, perSecond);
        } else if (progress.lag() >= 0 && waiting.isEmpty()) {
            line.append(", lag ").append(Text.count(progress.lag()));
            appendTimeLeft(line, progress.lag(), perSecond);
        }
        return line.append(", ")
                .append(seconds(elapsed.toSeconds()))
                .append(" so far")
                .toString();
    }

    private static void appendTimeLeft(StringBuilder line, long records, long perSecond) {
        if (records > 0 && perSecond > 0) {
            line.append(", ").append(seconds(1 + records / perSecond)).append(" left");
        }
    }

    /** Whole seconds, because tenths would flicker. */
    private static String seconds(long seconds) {
        return seconds < 60 ? seconds + " s" : Text.duration(Duration.ofSeconds(seconds));
    }
}
