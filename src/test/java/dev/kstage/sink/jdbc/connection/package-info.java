/** Tests of the sinks, on real files. */
@NullMarked
package dev.kstage.sink.jdbc.connection;

import org.jspecify.annotations.NullMarked;
