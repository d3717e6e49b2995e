/** Everything that speaks to a Kafka cluster. */
@NullMarked
package dev.kstage.kafka;

import org.jspecify.annotations.NullMarked;
