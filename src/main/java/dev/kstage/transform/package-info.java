/** Checks and changes of a record between a source and a sink. */
@NullMarked
package dev.kstage.transform;

import org.jspecify.annotations.NullMarked;
