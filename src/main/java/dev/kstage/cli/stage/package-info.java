/** {@code produce}, {@code consume} and {@code smoke}: the commands that run the stages. */
@NullMarked
package dev.kstage.cli.stage;

import org.jspecify.annotations.NullMarked;
