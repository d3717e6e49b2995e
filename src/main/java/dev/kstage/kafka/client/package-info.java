/** Client settings, one connection to one broker, names on the cluster, and the mapping of client exceptions to failures. */
@NullMarked
package dev.kstage.kafka.client;

import org.jspecify.annotations.NullMarked;
