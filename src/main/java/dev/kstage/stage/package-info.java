/** The contract of sources, transforms and sinks, and the loop that moves records between them. */
@NullMarked
package dev.kstage.stage;

import org.jspecify.annotations.NullMarked;
