/** Tests of what a person or a script reads. */
@NullMarked
package dev.kstage.report;

import org.jspecify.annotations.NullMarked;
