/** Where produced events come from: the generator with its templates, and lines of a file or of standard input. */
@NullMarked
package dev.kstage.source;

import org.jspecify.annotations.NullMarked;
