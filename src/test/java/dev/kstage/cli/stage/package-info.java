/** The stages, tested as a user runs them. */
@NullMarked
package dev.kstage.cli.stage;

import org.jspecify.annotations.NullMarked;
