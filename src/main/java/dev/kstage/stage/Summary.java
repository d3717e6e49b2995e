package dev.kstage.stage;

import dev.kstage.record.Positions;
import java.time.Duration;

/**
 * What a stage did; {@code read = stored + filtered + deadLettered}.
 *
 * @param positions where every partition stands in the sink
 * @param lag records before the end of the source when the stage stopped, or -1 if not known
 */
public record Summary(
        long read,
        long stored,
        long filtered,
        long deadLettered,
        StopReason stoppedBecause,
        Duration time,
        Positions positions,
        long lag) {}
