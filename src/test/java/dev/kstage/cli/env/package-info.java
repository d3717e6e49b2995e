/** Local environments, tested as a user runs them. */
@NullMarked
package dev.kstage.cli.env;

import org.jspecify.annotations.NullMarked;
