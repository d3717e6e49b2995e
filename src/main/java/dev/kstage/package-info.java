/** The entry point of the jar. */
@NullMarked
package dev.kstage;

import org.jspecify.annotations.NullMarked;
