/** Which profile counts: flags, environment variables, the current profile, files, and which files are trusted. */
@NullMarked
package dev.kstage.profile.choice;

import org.jspecify.annotations.NullMarked;
