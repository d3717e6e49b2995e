package dev.kstage.stage;

import dev.kstage.record.Positions;
import java.time.Duration;

/**
 * The result of a stage; {@code read = stored + filtered + deadLettered}.
 *
 * @param positions the stored position of each partition
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
