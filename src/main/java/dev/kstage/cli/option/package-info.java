/** Groups of options that several commands share. */
@NullMarked
package dev.kstage.cli.option;

import org.jspecify.annotations.NullMarked;
