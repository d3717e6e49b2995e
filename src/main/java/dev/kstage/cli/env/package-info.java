/** The commands about environments. */
@NullMarked
package dev.kstage.cli.env;

import org.jspecify.annotations.NullMarked;
