/** Tables and columns: their definition, their values, and the SQL dialect of each kind of database. */
@NullMarked
package dev.kstage.sink.jdbc.schema;

import org.jspecify.annotations.NullMarked;
