/** Tests of the comparison, with stores that are broken on purpose. */
@NullMarked
package dev.kstage.verify.read;

import org.jspecify.annotations.NullMarked;
