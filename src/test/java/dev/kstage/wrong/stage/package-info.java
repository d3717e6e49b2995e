/** Breaks the architecture on purpose. */
@NullMarked
package dev.kstage.wrong.stage;

import org.jspecify.annotations.NullMarked;
