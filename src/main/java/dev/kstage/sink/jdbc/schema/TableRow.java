package dev.kstage.sink.jdbc.schema;

import dev.kstage.record.Record;
import org.jspecify.annotations.Nullable;

/**
 * A row of the results.
 *
 * @param record its value is valid JSON; its key is UTF-8 or null
 * @param fields the values of the user's columns
 */
// Rows are never compared.
@SuppressWarnings("ArrayRecordComponent")
public record TableRow(Record record, @Nullable Object[] fields) {}
