/** The commands. */
@NullMarked
package dev.kstage.cli;

import org.jspecify.annotations.NullMarked;
