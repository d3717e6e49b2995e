/** Tests of the streams and the signals. */
@NullMarked
package dev.kstage.cli.terminal;

import org.jspecify.annotations.NullMarked;
