package dev.kstage.record;

/**
 * How far one partition has been read.
 *
 * @param next the offset of the next record to read; for a file, the next byte; for a generator, the next event
 * @param leaderEpoch the epoch of the leader that served the previous record, or {@link #NO_EPOCH}; with it a broker
 *     detects that its log was truncated (KIP-320)
 */
public record Position(long next, int leaderEpoch) {
    /** The leader epoch is not known. */
    public static final int NO_EPOCH = -1;

    /** A position without a leader epoch. */
    public static Position at(long next) {
        return new Position(next, NO_EPOCH);
    }
}
