/** Reading the records of a topic as they are, outside of any group. */
@NullMarked
package dev.kstage.kafka.reader;

import org.jspecify.annotations.NullMarked;
