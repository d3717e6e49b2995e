@NullMarked
package dev.kstage.kafka.consumer;

import org.jspecify.annotations.NullMarked;
