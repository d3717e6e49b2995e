/** Text forms of a record. */
@NullMarked
package dev.kstage.format;

import org.jspecify.annotations.NullMarked;
