/** The commands that run the stages: produce, consume, smoke. */
@NullMarked
package dev.kstage.cli.stage;

import org.jspecify.annotations.NullMarked;
