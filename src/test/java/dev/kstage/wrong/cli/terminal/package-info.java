/** Breaks the architecture on purpose. */
@NullMarked
package dev.kstage.wrong.cli.terminal;

import org.jspecify.annotations.NullMarked;
