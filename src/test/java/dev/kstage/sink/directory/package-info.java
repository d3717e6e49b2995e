/** Tests of the sinks, on real files. */
@NullMarked
package dev.kstage.sink.directory;

import org.jspecify.annotations.NullMarked;
