/** {@code verify}: whether a place holds what a run produced. */
@NullMarked
package dev.kstage.cli.verify;

import org.jspecify.annotations.NullMarked;
