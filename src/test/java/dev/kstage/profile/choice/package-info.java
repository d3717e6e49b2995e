/** Tests of how the cluster is chosen, and of secrets. */
@NullMarked
package dev.kstage.profile.choice;

import org.jspecify.annotations.NullMarked;
