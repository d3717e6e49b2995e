@NullMarked
package dev.kstage.kafka.producer;

import org.jspecify.annotations.NullMarked;
