package dev.kstage.stage;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * When a stage stops by itself; the first rule that holds decides.
 *
 * @param count after this many records were read
 * @param atEnd once all was read that was there at the start
 * @param idle after this long without a record
 * @param maxTime after this long
 * @param atDeadLetter before the first record that can't be stored, as a failure
 */
public record StopRules(
        OptionalLong count,
        boolean atEnd,
        @Nullable Duration idle,
        @Nullable Duration maxTime,
        boolean atDeadLetter) {
    /** Stops at the end of the source. */
    public static final StopRules AT_END = new StopRules(OptionalLong.empty(), true, null, null);

    /** Rules that send what can't be stored to the dead letters. */
    public StopRules(OptionalLong count, boolean atEnd, @Nullable Duration idle, @Nullable Duration maxTime) {
        this(count, atEnd, idle, maxTime, false);
    }

    /** These, and a stop before the first record that can't be stored. */
    public StopRules orAtDeadLetter() {
        return new StopRules(count, atEnd, idle, maxTime, true);
    }

    /** These, but at the end it stops only once nothing came for a while. */
    public StopRules untilIdle(Duration quiet) {
        return new StopRules(count, false, quiet, maxTime, atDeadLetter);
    }

    /**
     * The reason to stop now, or null to go on.
     *
     * @param read records read so far
     * @param sourceAtEnd whether the source was read to its end
     * @param sinceRecord time since the last record, or since the start
     * @param sinceStart time since the start
     */
    @Nullable
    StopReason reason(long read, boolean sourceAtEnd, Duration sinceRecord, Duration sinceStart) {
        if (count.isPresent() && read >= count.getAsLong()) {
            return StopReason.COUNT;
        }
        if (atEnd && sourceAtEnd) {
            return StopReason.END;
        }
        if (idle != null && sinceRecord.compareTo(idle) >= 0) {
            return StopReason.IDLE;
        }
        if (maxTime != null && sinceStart.compareTo(maxTime) >= 0) {
            return StopReason.MAX_TIME;
        }
        return null;
    }

    /** How many more records may be read after {@code read}, at most {@code most}. */
    int allowance(long read, int most) {
        return count.isPresent() ? (int) Math.min(most, count.getAsLong() - read) : most;
    }
}
