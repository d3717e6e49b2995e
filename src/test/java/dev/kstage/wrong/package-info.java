/** Code that breaks every rule of the architecture, to prove that each rule can fail. */
@NullMarked
package dev.kstage.wrong;

import org.jspecify.annotations.NullMarked;
