/** Where consumed records are stored, each sink with its own position. */
@NullMarked
package dev.kstage.sink;

import org.jspecify.annotations.NullMarked;
