/** Tests of the whole: which package may use which. */
@NullMarked
package dev.kstage;

import org.jspecify.annotations.NullMarked;
