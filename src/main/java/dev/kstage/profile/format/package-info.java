/** The formats in which connection profiles are written. */
@NullMarked
package dev.kstage.profile.format;

import org.jspecify.annotations.NullMarked;
