/** {@code env}: start, inspect and stop a local Kafka. */
@NullMarked
package dev.kstage.cli.env;

import org.jspecify.annotations.NullMarked;
