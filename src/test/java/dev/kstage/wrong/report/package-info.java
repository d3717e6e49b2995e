/** Breaks the architecture on purpose. */
@NullMarked
package dev.kstage.wrong.report;

import org.jspecify.annotations.NullMarked;
