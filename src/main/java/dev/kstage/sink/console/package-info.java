/** The sink that writes values to standard output. */
@NullMarked
package dev.kstage.sink.console;

import org.jspecify.annotations.NullMarked;
