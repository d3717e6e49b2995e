/** The sink that stores records in one file, with its offsets and dead-letter records in files beside it. */
@NullMarked
package dev.kstage.sink.file;

import org.jspecify.annotations.NullMarked;
