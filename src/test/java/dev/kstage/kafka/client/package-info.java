@NullMarked
package dev.kstage.kafka.client;

import org.jspecify.annotations.NullMarked;
