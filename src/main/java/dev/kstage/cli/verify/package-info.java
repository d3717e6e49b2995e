/** {@code verify}: checks that a destination has what a run produced. */
@NullMarked
package dev.kstage.cli.verify;

import org.jspecify.annotations.NullMarked;
