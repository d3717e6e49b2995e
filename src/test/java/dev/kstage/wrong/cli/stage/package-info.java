/** Breaks the architecture on purpose. */
@NullMarked
package dev.kstage.wrong.cli.stage;

import org.jspecify.annotations.NullMarked;
