/** Tests of the sinks, on real files. */
@NullMarked
package dev.kstage.sink.jdbc.schema;

import org.jspecify.annotations.NullMarked;
