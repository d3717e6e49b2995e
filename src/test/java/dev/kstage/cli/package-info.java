/** The command line as a whole, tested as a user runs it. */
@NullMarked
package dev.kstage.cli;

import org.jspecify.annotations.NullMarked;
