package dev.kstage.stage;

import dev.kstage.record.DeadLetter;

/**
 * Where a sink that can't keep dead letters itself puts them: a file that is only appended to. The sink stores with its
 * position how far the file belongs to what is committed, and cuts it to that before it goes on.
 */
public interface DeadLetterLog extends AutoCloseable {
    /**
     * How far the file belongs to a run.
     *
     * @param bytes the length of the file
     * @param letters how many of the dead letters in it are of the run
     */
    record Extent(long bytes, long letters) {}

    /** As it is now, durably: everything added before survives a power cut. */
    Extent sync();

    /**
     * Undoes what was added after {@code stored}.
     *
     * @throws dev.kstage.report.Failure if the file is shorter, or something else was added
     */
    void cutTo(Extent stored);

    /** Adds one. */
    void add(DeadLetter letter);

    @Override
    void close();
}
