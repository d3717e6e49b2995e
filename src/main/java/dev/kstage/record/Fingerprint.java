package dev.kstage.record;

/** By what a sink knows again the part of an input that it has taken already. */
public interface Fingerprint {
    /** Of what lies before the place where the source went on; the same for the same bytes. */
    String ofStart();

    /** Of everything before the end of the last batch. */
    String now();

    /**
     * Of what lies before a position; reads all of it, beside what the source gives.
     *
     * @throws dev.kstage.report.Failure if there is less
     */
    String before(long position);
}
