/** The sink that stores records in a directory of segments, which several processes may share. */
@NullMarked
package dev.kstage.sink.directory;

import org.jspecify.annotations.NullMarked;
