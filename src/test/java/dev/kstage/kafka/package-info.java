@NullMarked
package dev.kstage.kafka;

import org.jspecify.annotations.NullMarked;
