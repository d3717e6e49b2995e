/** {@code dead-letter}: lists, shows and replays records that could not be stored. */
@NullMarked
package dev.kstage.cli.deadletter;

import org.jspecify.annotations.NullMarked;
