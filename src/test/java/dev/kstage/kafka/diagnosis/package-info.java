@NullMarked
package dev.kstage.kafka.diagnosis;

import org.jspecify.annotations.NullMarked;
