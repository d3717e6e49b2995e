/**
 * The choice of the profile: options, environment variables, the current profile, files, and which files are trusted.
 */
@NullMarked
package dev.kstage.profile.choice;

import org.jspecify.annotations.NullMarked;
