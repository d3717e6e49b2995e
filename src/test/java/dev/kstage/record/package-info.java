/** Tests of the loop of a stage, with a source and a sink in memory. */
@NullMarked
package dev.kstage.record;

import org.jspecify.annotations.NullMarked;
