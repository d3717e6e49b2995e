package dev.kstage.sink;

import dev.kstage.stage.Record;
import org.jspecify.annotations.Nullable;

/**
 * A row of the results.
 *
 * @param record its value is there and is JSON, its key is UTF-8 or absent
 * @param fields what goes into the columns of the user's
 */
// Rows are never compared.
@SuppressWarnings("ArrayRecordComponent")
record TableRow(Record record, @Nullable Object[] fields) {}
