/** {@code topic}: list, describe, create and delete topics. */
@NullMarked
package dev.kstage.cli.topic;

import org.jspecify.annotations.NullMarked;
