/** Plain values: a record with its key, value and headers, positions in a source, and what is read back from a sink. */
@NullMarked
package dev.kstage.record;

import org.jspecify.annotations.NullMarked;
