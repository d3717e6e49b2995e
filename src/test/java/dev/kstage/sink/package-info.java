/** Tests of the sinks, on real files. */
@NullMarked
package dev.kstage.sink;

import org.jspecify.annotations.NullMarked;
