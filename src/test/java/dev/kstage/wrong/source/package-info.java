/** Breaks the architecture on purpose. */
@NullMarked
package dev.kstage.wrong.source;

import org.jspecify.annotations.NullMarked;
