/** Breaks the architecture on purpose. */
@NullMarked
package dev.kstage.wrong.env;

import org.jspecify.annotations.NullMarked;
