/** The source of generated events, and the templates that describe them. */
@NullMarked
package dev.kstage.source.template;

import org.jspecify.annotations.NullMarked;
