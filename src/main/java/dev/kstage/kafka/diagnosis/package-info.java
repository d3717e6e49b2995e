/** Explains why a cluster does not answer: addresses, listeners, TLS and coordinators. */
@NullMarked
package dev.kstage.kafka.diagnosis;

import org.jspecify.annotations.NullMarked;
