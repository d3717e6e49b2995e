/** Breaks the architecture on purpose. */
@NullMarked
package dev.kstage.wrong.sink;

import org.jspecify.annotations.NullMarked;
