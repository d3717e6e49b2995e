/** The streams of the process, the terminal behind them, and the signals it sends. */
@NullMarked
package dev.kstage.cli.terminal;

import org.jspecify.annotations.NullMarked;
