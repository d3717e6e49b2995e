/** Tests of the words of the command line. */
@NullMarked
package dev.kstage.cli.option;

import org.jspecify.annotations.NullMarked;
