/** Tests of the sinks, on real files. */
@NullMarked
package dev.kstage.sink.file;

import org.jspecify.annotations.NullMarked;
