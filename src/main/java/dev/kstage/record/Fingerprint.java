package dev.kstage.record;

/** Identifies the part of an input that a sink has already stored. */
public interface Fingerprint {
    /**
     * The fingerprint of the part before the position where the sink continued; equal bytes give equal fingerprints.
     */
    String ofStart();

    /** The fingerprint of everything before the end of the last batch. */
    String now();

    /**
     * The fingerprint of everything before {@code position}. Reads that part separately from the batches.
     *
     * @throws dev.kstage.report.Failure if the input is shorter
     */
    String before(long position);
}
