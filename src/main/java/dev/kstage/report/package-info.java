/** What a person or a script reads: tables, JSON documents, progress, and failures with their kind. */
@NullMarked
package dev.kstage.report;

import org.jspecify.annotations.NullMarked;
