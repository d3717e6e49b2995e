/** The streams of the process, the terminal, and the signals. */
@NullMarked
package dev.kstage.cli.terminal;

import org.jspecify.annotations.NullMarked;
