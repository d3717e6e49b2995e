/** Makes again what a run produced, compares it with what is stored, and gives the verdict. */
@NullMarked
package dev.kstage.verify;

import org.jspecify.annotations.NullMarked;
