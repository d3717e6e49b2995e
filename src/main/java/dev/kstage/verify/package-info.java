/** Verification: regenerates the events of a run, compares them with what is stored, and gives the verdict. */
@NullMarked
package dev.kstage.verify;

import org.jspecify.annotations.NullMarked;
