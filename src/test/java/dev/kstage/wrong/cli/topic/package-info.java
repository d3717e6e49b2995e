/** Breaks the architecture on purpose. */
@NullMarked
package dev.kstage.wrong.cli.topic;

import org.jspecify.annotations.NullMarked;
