/** Breaks the architecture on purpose. */
@NullMarked
package dev.kstage.wrong.util;

import org.jspecify.annotations.NullMarked;
