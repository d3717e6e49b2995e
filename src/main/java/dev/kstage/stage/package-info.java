/** The words of a pipeline stage and its loop: records move from a source to a sink that owns the position. */
@NullMarked
package dev.kstage.stage;

import org.jspecify.annotations.NullMarked;
