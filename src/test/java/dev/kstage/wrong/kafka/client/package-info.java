/** Breaks the architecture on purpose. */
@NullMarked
package dev.kstage.wrong.kafka.client;

import org.jspecify.annotations.NullMarked;
