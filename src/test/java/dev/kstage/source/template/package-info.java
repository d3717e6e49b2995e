/** Tests of the sources and of the events that are made up. */
@NullMarked
package dev.kstage.source.template;

import org.jspecify.annotations.NullMarked;
