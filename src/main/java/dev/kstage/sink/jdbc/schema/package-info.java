/** Tables and columns: their definition, their values, and what each kind of database does in its own way. */
@NullMarked
package dev.kstage.sink.jdbc.schema;

import org.jspecify.annotations.NullMarked;
