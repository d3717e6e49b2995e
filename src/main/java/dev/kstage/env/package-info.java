/** Environments: anything that yields a connection profile, such as an embedded broker. */
@NullMarked
package dev.kstage.env;

import org.jspecify.annotations.NullMarked;
