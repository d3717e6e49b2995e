/** Translation of librdkafka's properties into those of Kafka's Java clients. */
@NullMarked
package dev.kstage.profile.format.librdkafka;

import org.jspecify.annotations.NullMarked;
