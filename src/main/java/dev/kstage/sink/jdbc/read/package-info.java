/** Tables of results and of dead-letter records, read with SQL that any other program could use. */
@NullMarked
package dev.kstage.sink.jdbc.read;

import org.jspecify.annotations.NullMarked;
