/** Sinks that store in a topic exactly once: resumable runs of {@code produce}, and topic to topic. */
@NullMarked
package dev.kstage.kafka.exactlyonce;

import org.jspecify.annotations.NullMarked;
