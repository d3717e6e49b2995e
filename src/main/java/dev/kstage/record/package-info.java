/**
 * Values: a record with its key, value and headers, positions in a source, and rows that were read from a
 * destination.
 */
@NullMarked
package dev.kstage.record;

import org.jspecify.annotations.NullMarked;
