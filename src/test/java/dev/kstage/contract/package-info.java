/** What every sink that owns the position promises, tested with one set of tests, whatever the place. */
@NullMarked
package dev.kstage.contract;

import org.jspecify.annotations.NullMarked;
