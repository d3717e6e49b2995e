/** {@code dead-letter}: look at records that could not be stored, and send them again. */
@NullMarked
package dev.kstage.cli.deadletter;

import org.jspecify.annotations.NullMarked;
