package dev.kstage.record;

/**
 * How far one partition has been read.
 *
 * @param next the offset of the next record to read; of a file: the next byte; of a generator: the
 *     next event
 * @param leaderEpoch the epoch of the leader that served the record before, by which a broker notices
 *     that its log was cut since (KIP-320), or {@link #NO_EPOCH}
 */
public record Position(long next, int leaderEpoch) {
    /** Where no leader's epoch is known. */
    public static final int NO_EPOCH = -1;

    /** A position without a leader's epoch. */
    public static Position at(long next) {
        return new Position(next, NO_EPOCH);
    }
}
