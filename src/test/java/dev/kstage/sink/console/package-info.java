/** Tests of the sinks, on real files. */
@NullMarked
package dev.kstage.sink.console;

import org.jspecify.annotations.NullMarked;
