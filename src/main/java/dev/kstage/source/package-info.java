/** Sources of {@code produce} and {@code replay}: lines of a file or of standard input, and dead-letter records. */
@NullMarked
package dev.kstage.source;

import org.jspecify.annotations.NullMarked;
