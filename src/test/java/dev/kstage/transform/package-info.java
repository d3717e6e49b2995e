/** Tests of what is checked or changed on the way. */
@NullMarked
package dev.kstage.transform;

import org.jspecify.annotations.NullMarked;
