/** Breaks the architecture on purpose. */
@NullMarked
package dev.kstage.wrong.cli.option;

import org.jspecify.annotations.NullMarked;
