package dev.kstage.stage;

import java.util.List;

/**
 * What one poll of a source gave.
 *
 * @param records in order within each partition; may be empty
 * @param to where each partition of this run stands after them; it may be past the last record, since
 *     transaction markers and compaction leave offsets without a record
 */
public record Batch(List<Record> records, Positions to) {}
