/** Tests of the sinks, on real files. */
@NullMarked
package dev.kstage.sink.jdbc;

import org.jspecify.annotations.NullMarked;
