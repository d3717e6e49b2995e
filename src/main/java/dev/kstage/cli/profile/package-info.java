/** {@code profile}: list, show and choose connection profiles. */
@NullMarked
package dev.kstage.cli.profile;

import org.jspecify.annotations.NullMarked;
