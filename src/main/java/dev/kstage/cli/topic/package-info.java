/** The commands about topics. */
@NullMarked
package dev.kstage.cli.topic;

import org.jspecify.annotations.NullMarked;
