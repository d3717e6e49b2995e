@NullMarked
package dev.kstage.kafka.admin;

import org.jspecify.annotations.NullMarked;
