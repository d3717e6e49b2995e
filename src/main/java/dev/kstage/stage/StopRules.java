package dev.kstage.stage;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * When a stage stops; the first rule that applies decides.
 *
 * @param count stop after this many records
 * @param atEnd stop when everything that existed at the start was read
 * @param idle stop after this time without a record
 * @param maxTime stop after this time
 * @param atDeadLetter stop, as a failure, before the first record that can't be stored
 */
public record StopRules(
        OptionalLong count,
        boolean atEnd,
        @Nullable Duration idle,
        @Nullable Duration maxTime,
        boolean atDeadLetter) {
    /** Stops at the end of the source. */
    public static final StopRules AT_END = new StopRules(OptionalLong.empty(), true, null, null);

    /** Rules that turn records that can't be stored into dead-letter records. */
    public StopRules(OptionalLong count, boolean atEnd, @Nullable Duration idle, @Nullable Duration maxTime) {
        this(count, atEnd, idle, maxTime, false);
    }

    /** These rules, and a stop before the first record that can't be stored. */
    public StopRules orAtDeadLetter() {
        return new StopRules(count, atEnd, idle, maxTime, true);
    }

    /** These rules, but at the end of the source the run stops only after {@code quiet} without a record. */
    public StopRules untilIdle(Duration quiet) {
        return new StopRules(count, false, quiet, maxTime, atDeadLetter);
    }

    /**
     * The reason to stop now, or null to continue.
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

    /** How many more records may be read after {@code read}; at most {@code most}. */
    int allowance(long read, int most) {
        return count.isPresent() ? (int) Math.min(most, count.getAsLong() - read) : most;
    }
}
