/** What is checked or changed between a source and a sink. */
@NullMarked
package dev.kstage.transform;

import org.jspecify.annotations.NullMarked;
