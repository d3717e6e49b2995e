package dev.kstage.sink.jdbc.schema;

import dev.kstage.record.Record;
import org.jspecify.annotations.Nullable;

/**
 * A row of the results.
 *
 * @param record its value is there and is JSON, its key is UTF-8 or absent
 * @param fields what goes into the columns of the user's
 */
// Rows are never compared.
@SuppressWarnings("ArrayRecordComponent")
public record TableRow(Record record, @Nullable Object[] fields) {}
