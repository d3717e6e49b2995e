/** A connection profile and its values: secrets, placeholders, and the files that it names. */
@NullMarked
package dev.kstage.profile;

import org.jspecify.annotations.NullMarked;
