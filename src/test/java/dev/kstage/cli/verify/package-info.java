@NullMarked
package dev.kstage.cli.verify;

import org.jspecify.annotations.NullMarked;
