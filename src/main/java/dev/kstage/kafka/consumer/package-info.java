/** The source of {@code consume}: reading a topic alone or as a member of a consumer group. */
@NullMarked
package dev.kstage.kafka.consumer;

import org.jspecify.annotations.NullMarked;
