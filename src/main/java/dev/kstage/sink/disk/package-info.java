/** Files that survive a power cut, and checks of files that another user may have written. */
@NullMarked
package dev.kstage.sink.disk;

import org.jspecify.annotations.NullMarked;
