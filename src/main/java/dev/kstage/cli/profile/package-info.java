/** The commands about connection profiles. */
@NullMarked
package dev.kstage.cli.profile;

import org.jspecify.annotations.NullMarked;
