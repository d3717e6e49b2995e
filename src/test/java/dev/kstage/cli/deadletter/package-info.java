@NullMarked
package dev.kstage.cli.deadletter;

import org.jspecify.annotations.NullMarked;
