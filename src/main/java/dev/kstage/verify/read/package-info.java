/** Stored results, read without the code that stores them. */
@NullMarked
package dev.kstage.verify.read;

import org.jspecify.annotations.NullMarked;
