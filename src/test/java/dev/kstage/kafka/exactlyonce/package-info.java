@NullMarked
package dev.kstage.kafka.exactlyonce;

import org.jspecify.annotations.NullMarked;
