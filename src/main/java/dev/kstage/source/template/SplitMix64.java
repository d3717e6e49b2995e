package dev.kstage.source.template;

/**
 * A seeded random number generator: SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
 * 2014). The generators of the JDK may change in a later release, and this one must not.
 */
final class SplitMix64 {
    private static final long STEP = 0x9e3779b97f4a7c15L;

    private long state;

    SplitMix64(long seed) {
        state = seed;
    }

    /** A bijection of 64-bit numbers: different arguments give different results. */
    static long mix(long number) {
        long mixed = number;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** The inverse of {@link #mix}. */
    static long unmix(long mixed) {
        long number = mixed;
        number = (number ^ (number >>> 31) ^ (number >>> 62)) * 0x319642b2d24d8ec3L;
        number = (number ^ (number >>> 27) ^ (number >>> 54)) * 0x96de1b173f119089L;
        return number ^ (number >>> 30) ^ (number >>> 60);
    }

    long next() {
        state += STEP;
        return mix(state);
    }

    /** A number from 0 to {@code bound} - 1. */
    int below(int bound) {
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** A number from 0 (inclusive) to 1 (exclusive). */
    double fraction() {
        return (next() >>> 11) * 0x1.0p-53;
    }
}
