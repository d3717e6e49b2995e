/** Connection profiles as a user has them, in the installed program. */
@NullMarked
package dev.kstage.cli.profile;

import org.jspecify.annotations.NullMarked;
