/** Sending records to a topic, without transactions. */
@NullMarked
package dev.kstage.kafka.producer;

import org.jspecify.annotations.NullMarked;
