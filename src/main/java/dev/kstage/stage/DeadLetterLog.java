package dev.kstage.stage;

import dev.kstage.record.DeadLetter;

/**
 * An append-only file of dead-letter records, for a sink that can't store such records itself. The sink stores the
 * committed length of the file with its offsets. It truncates the file to that length before it continues.
 */
public interface DeadLetterLog extends AutoCloseable {
    /**
     * The committed part of the file.
     *
     * @param bytes the length of that part
     * @param letters the number of dead-letter records of this run in that part
     */
    record Extent(long bytes, long letters) {}

    /** Makes all added records durable (they survive a power cut) and returns the current extent. */
    Extent sync();

    /**
     * Removes everything that was added after {@code stored}.
     *
     * @throws dev.kstage.report.Failure if the file is shorter, or if something else was added
     */
    void cutTo(Extent stored);

    /** Appends one record. */
    void add(DeadLetter deadLetter);

    @Override
    void close();
}
