/** Tests of the loop of a stage, with a source and a sink in memory. */
@NullMarked
package dev.kstage.stage;

import org.jspecify.annotations.NullMarked;
