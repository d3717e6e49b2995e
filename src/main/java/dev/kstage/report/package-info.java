/** Output for people and scripts: tables, JSON documents, progress, and failures with their kind. */
@NullMarked
package dev.kstage.report;

import org.jspecify.annotations.NullMarked;
