/** The sink that stores records in a table of a database, with its offsets in another table. */
@NullMarked
package dev.kstage.sink.jdbc;

import org.jspecify.annotations.NullMarked;
